import type { Writable } from 'node:stream';
import type { LogEntry, LogSink } from '../log.ts';

/** One line an entry, as journald and syslog take it from standard error: "2026-11-23T20:00:00Z certificate,info signed ca". */
export class NodeLogSink implements LogSink {
  readonly #output: Writable;

  constructor(output: Writable) {
    this.#output = output;
    // A log that nobody takes any more must not stop the router.
    output.on('error', () => undefined);
  }

  write({ time, severity, topics, message }: LogEntry): void {
    const date = new Date(time * 1000).toISOString().replace('.000Z', 'Z');
    if (!this.#output.destroyed) this.#output.write(`${date} ${[...topics, severity].join(',')} ${oneLine(message)}\n`);
  }
}

/** Control and format characters and line ends made visible, so that a message can neither move a cursor nor pretend to be two. */
function oneLine(message: string): string {
  return message.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`);
}
