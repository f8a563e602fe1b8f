import { complain } from 'signet:process';
import { logLine } from '../common/log-line.ts';
import type { LogEntry, LogSink } from '../log.ts';

/** The log on standard error. */
export class CompactLogSink implements LogSink {
  write(entry: LogEntry): void {
    complain(logLine(entry));
  }
}
