import type { Clock } from '../platform/clock.ts';
import type { LogEntry, LogSink, Severity } from '../platform/log.ts';

/** An entry with the `.id` it has in /log. */
export interface NumberedEntry extends LogEntry {
  readonly id: number;
}

/** Something that was done at a command line: what the audit log says of it. Sensitive values are masked already. */
export interface AuditedCommand {
  readonly user: string;
  readonly path: string;
  readonly arguments: readonly (readonly [name: string, value: string])[];
  /** Why it failed; absent for success. */
  readonly error?: string;
}

/** Most entries held; the oldest go first, as in RouterOS' memory action. */
const capacity = 1000;

/** Longest message kept, in UTF-16 units: what comes from outside must not fill the memory. */
const longest = 1024;

/** The log in memory, which also goes to the host's sink. */
export class Log {
  readonly #clock: Clock;
  readonly #sink: LogSink;
  #entries: NumberedEntry[] = [];
  #next = 1;

  constructor(clock: Clock, sink: LogSink) {
    this.#clock = clock;
    this.#sink = sink;
  }

  add(severity: Severity, topics: readonly string[], message: string): void {
    const entry = { id: this.#next++, time: this.#clock.now(), severity, topics: [...topics], message: cut(message) };
    this.#entries.push(entry);
    // Cut in blocks, not one by one: an array that loses its first element moves all the others.
    if (this.#entries.length > 2 * capacity) this.#entries = this.#entries.slice(-capacity);
    this.#sink.write(entry);
  }

  /** Oldest first. */
  entries(): readonly NumberedEntry[] {
    return this.#entries.slice(-capacity);
  }

  /** Who did what: every command that changes something, and every one that took a secret out of the router. */
  audit(command: AuditedCommand): void {
    const words = command.arguments.map(([name, value]) => ` ${name}=${quoted(value)}`).join('');
    const outcome = command.error === undefined ? '' : `: ${command.error}`;
    const [severity, verb] = command.error === undefined ? (['info', 'ran'] as const) : (['warning', 'could not run'] as const);
    this.add(severity, ['system', 'audit'], `${command.user} ${verb} ${command.path}${words}${outcome}`);
  }
}

/** A value as it would be typed: quoted where it would not be one word, so that a value can't pose as another argument. */
function quoted(value: string): string {
  return /^[\w.:@/*,+-]+$/.test(value) ? value : `"${value.replaceAll(/["\\]/g, '\\$&')}"`;
}

function cut(message: string): string {
  return message.length <= longest ? message : `${message.slice(0, longest)}...`;
}
