import type { Cancel } from '../../../src/platform/cancel.ts';
import { type ErrorFields, errorFields, errorOf } from '../guest/errors.ts';
import type { Report, Request, Return } from '../guest/messages.ts';
import { type GuestPorts, type Kind, type Member, membersOf } from '../guest/ports.ts';
import { decodeFrame, encodeFrame, type Tagged, type Wire } from '../guest/wire.ts';
import { GuestProcess } from './process.ts';

/** How a call ended. */
type Outcome = Exclude<Report, { type: 'function' }>;

/** A function that the guest may call; what it hears of may be an object of the guest. */
interface Lent {
  readonly work: (value: unknown) => unknown;
  readonly tells: Kind | undefined;
}

/** A program that serves its ports by `serve`, and those ports as if they were here. */
export class RemoteGuest {
  readonly ports: GuestPorts;
  readonly #process: GuestProcess;
  readonly #proxies = new Map<number, object>();
  readonly #functions: Lent[] = [];
  readonly #errors: Error[] = [];
  /** Who waits for the outcome of which call. */
  readonly #waiting = new Map<number, (outcome: Outcome) => void>();
  #calls = 0;
  #cancels = 0;
  /** How many functions are running that the guest has called, and waits for. */
  #running = 0;

  /** Starts the program: a command and its arguments. */
  constructor(command: readonly string[]) {
    this.#process = new GuestProcess(command, {
      take: (frame) => this.#take(decodeFrame(frame, (tag, parts) => this.#resolve(tag, parts)) as Report),
      end: (error) => this.#endAll(error),
    });
    this.ports = this.#proxy('ports', 0) as GuestPorts;
  }

  get ended(): boolean {
    return this.#process.ended;
  }

  kill(): void {
    this.#process.kill();
  }

  /** Ends the guest's input. Resolves with the exit status of the program. */
  stop(): Promise<number | null> {
    return this.#process.stop();
  }

  /** Stands for an object of the guest: the same one for the same object. */
  #proxy(kind: Kind, object: number): object {
    const known = this.#proxies.get(object);
    if (known !== undefined) return known;
    const proxy = {};
    for (const [name, member] of Object.entries(membersOf(kind))) {
      if (member.way === 'property') {
        Object.defineProperty(proxy, name, { get: () => this.#callNow(object, name, member, []), enumerable: true });
      } else {
        const call = member.way === 'synchronous' ? this.#callNow.bind(this) : this.#callLater.bind(this);
        Object.defineProperty(proxy, name, { value: (...given: unknown[]) => call(object, name, member, given), enumerable: true });
      }
    }
    if (kind === 'rows') Object.defineProperty(proxy, Symbol.iterator, { value: () => proxy });
    this.#proxies.set(object, proxy);
    return proxy;
  }

  #callNow(object: number, name: string, member: Member, given: readonly unknown[]): unknown {
    let outcome: Outcome | undefined;
    this.#call(object, name, member, given, (told) => {
      outcome = told;
    });
    this.#process.waitFor(() => outcome !== undefined);
    return this.#result(outcome, member);
  }

  #callLater(object: number, name: string, member: Member, given: readonly unknown[]): Promise<unknown> {
    return new Promise<Outcome>((resolve) => {
      this.#call(object, name, member, given, resolve);
    }).then((outcome) => this.#result(outcome, member));
  }

  #call(object: number, name: string, member: Member, given: readonly unknown[], hear: (outcome: Outcome) => void): void {
    this.#calls += 1;
    const forget: (() => void)[] = [];
    this.#waiting.set(this.#calls, (outcome) => {
      for (const each of forget) each();
      hear(outcome);
    });
    const request: Request = { type: 'call', call: this.#calls, object, member: name, given };
    const frame = encodeFrame(request, (value, wire) => this.#refer(value, wire, member.tells, forget));
    // While it waits for a function of ours the guest does nothing that takes time.
    this.#process.send(frame, this.#running > 0 && member.way !== 'asynchronous' ? 'direct' : 'input');
  }

  #result(outcome: Outcome | undefined, { gives }: Member): unknown {
    if (outcome?.type === 'failure') throw outcome.error;
    return gives === undefined ? outcome?.value : this.#proxy(gives, Number(outcome?.value));
  }

  #take(report: Report): void {
    if (report.type === 'function') {
      this.#run(report);
      return;
    }
    this.#waiting.get(report.call)?.(report);
    this.#waiting.delete(report.call);
  }

  /** Runs a function of ours for the guest. */
  #run({ function: number, value }: Extract<Report, { type: 'function' }>): void {
    const called = this.#functions[number];
    if (called === undefined) throw new Error(`no such function: ${number}`);
    this.#running += 1;
    try {
      this.#process.send(this.#ending(called, value), 'direct');
    } finally {
      this.#running -= 1;
    }
  }

  #ending({ work, tells }: Lent, value: unknown): Uint8Array {
    const encode = (ending: Return): Uint8Array => encodeFrame(ending, (part, wire) => this.#refer(part, wire));
    try {
      return encode({ type: 'returned', value: work(tells === undefined ? value : this.#proxy(tells, Number(value))) });
    } catch (error) {
      return encode({ type: 'threw', error: error instanceof Error ? error : new Error(String(error)) });
    }
  }

  #endAll(error: Error): void {
    for (const [call, hear] of this.#waiting) hear({ type: 'failure', call, error });
    this.#waiting.clear();
  }

  #refer(value: object, wire: (part: unknown) => Wire, tells?: Kind, forget: (() => void)[] = []): Tagged | undefined {
    if (value instanceof Error) return ['error', wire(errorFields(value)), this.#errors.push(value) - 1];
    if (value instanceof Promise) return ['promise'];
    if (typeof value === 'function') {
      const work = value as Lent['work'];
      return ['function', this.#functions.push({ work, tells }) - 1, tells ?? null];
    }
    if (!isCancel(value)) return undefined;
    this.#cancels += 1;
    const cancel = this.#cancels;
    if (!value.cancelled) forget.push(value.onCancel(() => this.#cancel(cancel)));
    return ['cancel', cancel, value.cancelled];
  }

  #cancel(cancel: number): void {
    const request: Request = { type: 'cancel', cancel };
    this.#process.send(
      encodeFrame(request, () => undefined),
      this.#running > 0 ? 'direct' : 'input',
    );
  }

  #resolve(tag: string, [fields, ours]: readonly unknown[]): unknown {
    if (tag !== 'error') throw new Error(`no such tag: ${tag}`);
    return typeof ours === 'number' ? this.#errors[ours] : errorOf(fields as ErrorFields);
  }
}

function isCancel(value: object): value is Cancel {
  return 'onCancel' in value;
}
