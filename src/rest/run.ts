import type { Caller, CommandDeclaration, Result } from '../menu/command.ts';
import { type AuditRecord, invoke, type Where } from '../menu/invoke.ts';
import type { Value } from '../menu/value.ts';
import { type Cancel, Cancelled, CancelSource } from '../platform/cancel.ts';
import type { Clock } from '../platform/clock.ts';
import { sessionClosed } from './errors.ts';
import type { MenuPlace } from './route.ts';

export interface RunPorts {
  readonly audit: (record: AuditRecord) => void;
  readonly clock: Pick<Clock, 'sleep' | 'monotonic'>;
}

/** Milliseconds that a command may take: RouterOS' limit. */
const longest = 60_000;
/** Milliseconds between samples of how far a command is. */
const interval = 1000;

export interface Ran {
  readonly result: Result;
  /** How far the command was, about once a second, and at its end. */
  readonly samples: readonly string[];
}

/** One run of a command for a request. */
export interface RunOf {
  readonly place: MenuPlace;
  readonly name: string;
  readonly given: ReadonlyMap<string, Value>;
  readonly where?: Where | undefined;
  /** Milliseconds after which the command is cancelled, and what came of it until then is the answer. */
  readonly duration?: number | undefined;
}

/** Runs commands for one caller. After a minute the request is answered, and the command cancelled. */
export class Runner {
  readonly #ports: RunPorts;
  readonly #caller: Caller;

  constructor(ports: RunPorts, caller: Caller) {
    this.#ports = ports;
    this.#caller = caller;
  }

  /** Throws `CommandError` and `RestError`. */
  async run({ place, name, given, where, duration }: RunOf): Promise<Ran> {
    const command = place.command(name);
    const { clock, audit } = this.#ports;
    const samples = new Samples(clock);
    const invocation = { path: `${place.path}/${name}`, command, given, ...(where === undefined ? {} : { where }) };
    const ended = await withinTime(clock, Math.min(duration ?? longest, longest), (cancel) =>
      invoke(invocation, { caller: this.#caller, cancel, progress: (sample) => samples.add(sample), warn: () => undefined }, audit),
    );
    if (ended !== undefined) return { result: ended, samples: samples.all() };
    if (duration === undefined || duration > longest) throw sessionClosed();
    return { result: { kind: 'nothing' }, samples: samples.all() };
  }
}

/** Undefined if it is not done by then: it is cancelled, and not waited for any longer. */
async function withinTime<T>(clock: Pick<Clock, 'sleep'>, limit: number, work: (cancel: Cancel) => Promise<T>): Promise<T | undefined> {
  const [running, waiting] = [new CancelSource(), new CancelSource()];
  const done = work(running);
  const late = clock.sleep(limit, waiting).then(
    () => {
      running.cancel();
      return undefined;
    },
    (error: unknown) => {
      if (error instanceof Cancelled) return undefined;
      throw error;
    },
  );
  try {
    return await Promise.race([done, late]);
  } finally {
    waiting.cancel();
    // What a cancelled command says at its end is in the audit log.
    done.catch(() => undefined);
  }
}

/** What a command tells of how far it is. */
class Samples {
  readonly #clock: Pick<Clock, 'monotonic'>;
  readonly #kept: string[] = [];
  #last: string | undefined;
  #next = -Infinity;

  constructor(clock: Pick<Clock, 'monotonic'>) {
    this.#clock = clock;
  }

  add(sample: string): void {
    this.#last = sample;
    const now = this.#clock.monotonic();
    if (now < this.#next) return;
    this.#kept.push(sample);
    this.#next = now + interval;
  }

  all(): readonly string[] {
    return this.#last === undefined || this.#last === this.#kept.at(-1) ? this.#kept : [...this.#kept, this.#last];
  }
}

/** The argument that says which items a command is about. */
export function itemArgument(command: CommandDeclaration): string | undefined {
  return ['numbers', 'number'].find((name) => Object.hasOwn(command.args, name));
}
