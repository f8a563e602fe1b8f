import type { Writable } from 'node:stream';
import { logLine } from '../common/log-line.ts';
import type { LogEntry, LogSink } from '../log.ts';

/** The log on standard error, or another stream. */
export class NodeLogSink implements LogSink {
  readonly #output: Writable;

  constructor(output: Writable) {
    this.#output = output;
    // A log that nobody takes any more must not stop the router.
    output.on('error', () => undefined);
  }

  write(entry: LogEntry): void {
    if (!this.#output.destroyed) this.#output.write(logLine(entry));
  }
}
