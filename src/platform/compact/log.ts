import { complain } from 'signet:process';
import { logLine } from '../common/log-line.ts';
import type { LogEntry, LogSink } from '../log.ts';
import { wellFormed } from './text.ts';

/** The log on standard error. */
export class CompactLogSink implements LogSink {
  write(entry: LogEntry): void {
    complain(wellFormed(logLine(entry)));
  }
}
