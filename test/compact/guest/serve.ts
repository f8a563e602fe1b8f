import { equalBytes } from '../../../src/bytes/bytes.ts';
import { CancelSource } from '../../../src/platform/cancel.ts';
import type { Terminal } from '../../../src/platform/terminal.ts';
import { type ErrorFields, errorFields, errorOf } from './errors.ts';
import type { Report, Request, Return } from './messages.ts';
import { type GuestPorts, type Kind, membersOf } from './ports.ts';
import { decodeFrame, encodeFrame, Frames, type Tagged, type Wire } from './wire.ts';

/** Two more streams of the guest, both synchronous: the work of a transaction runs at the other end, and nothing goes on here meanwhile. */
export interface DirectStreams {
  /** The next bytes of descriptor 3, waiting for them; undefined at its end. */
  readSync(): Uint8Array | undefined;
  /** All of these bytes to standard output. */
  writeSync(bytes: Uint8Array): void;
}

/** Serves calls of the ports, which come on the terminal's input, until that ends. Returns the exit status. */
export async function serve(ports: GuestPorts, terminal: Pick<Terminal, 'read'>, direct: DirectStreams): Promise<number> {
  const guest = new Guest(ports, direct);
  const frames = new Frames();
  for (let bytes = await terminal.read(); bytes !== undefined; bytes = await terminal.read()) {
    frames.add(bytes);
    for (let frame = frames.next(); frame !== undefined; frame = frames.next()) guest.take(frame);
  }
  return 0;
}

type Target = Readonly<Record<string, unknown>>;

class Guest {
  readonly #direct: DirectStreams;
  readonly #frames = new Frames();
  readonly #objects: { readonly kind: Kind; readonly target: Target }[] = [];
  readonly #numbers = new Map<unknown, number>();
  readonly #cancels = new Map<number, CancelSource>();
  /** Errors of the other end, by the numbers it knows them by. */
  readonly #theirs = new WeakMap<Error, number>();
  readonly #given = new WeakSet<ArrayBufferLike>();

  constructor(ports: GuestPorts, direct: DirectStreams) {
    this.#direct = direct;
    this.#keep('ports', ports);
  }

  /** Does what the other end asks for. Gives its message back where that is the end of a function. */
  take(frame: Uint8Array): Return | undefined {
    const message = decodeFrame(frame, (tag, parts) => this.#resolve(tag, parts)) as Request | Return;
    if (message.type === 'call') this.#call(message);
    else if (message.type === 'cancel') this.#cancelOf(message.cancel).cancel();
    else return message;
    return undefined;
  }

  #call({ call, object, member: name, given }: Extract<Request, { type: 'call' }>): void {
    const { kind, target } = this.#object(object);
    const member = membersOf(kind)[name];
    const copies = given.map((value) => (value instanceof Uint8Array ? value.slice() : undefined));
    const answer = (result: unknown): Report => {
      mustBeAsBefore(given, copies, name);
      if (result instanceof Uint8Array) this.#mustBeNew(result, given, name);
      return { type: 'answer', call, value: member?.gives === undefined ? result : this.#keep(member.gives, result) };
    };
    const failure = (error: unknown): Report => ({ type: 'failure', call, error: asError(error) });
    let report: Report;
    try {
      const value = target[name];
      const result: unknown = typeof value === 'function' && member?.way !== 'property' ? value.apply(target, given) : value;
      if (member?.way === 'asynchronous') {
        void (result as Promise<unknown>)
          .then(answer)
          .catch(failure)
          .then((later) => this.#send(later));
        return;
      }
      report = answer(result);
    } catch (error) {
      report = failure(error);
    }
    this.#send(report);
  }

  /** Calls a function of the other end, serving synchronous members until it has ended. */
  #callBack(number: number, value: unknown): unknown {
    this.#send({ type: 'function', function: number, value });
    for (;;) {
      const ending = this.take(this.#nextDirect());
      if (ending?.type === 'threw') throw ending.error;
      if (ending !== undefined) return ending.value;
    }
  }

  #nextDirect(): Uint8Array {
    for (;;) {
      const frame = this.#frames.next();
      if (frame !== undefined) return frame;
      const bytes = this.#direct.readSync();
      if (bytes === undefined) throw new Error('the other end is gone');
      this.#frames.add(bytes);
    }
  }

  #send(report: Report): void {
    this.#direct.writeSync(encodeFrame(report, (value, wire) => this.#refer(value, wire)));
  }

  #refer(value: object, wire: (part: unknown) => Wire): Tagged | undefined {
    return value instanceof Error ? ['error', wire(errorFields(value)), this.#theirs.get(value) ?? null] : undefined;
  }

  #resolve(tag: string, [first, second]: readonly unknown[]): unknown {
    switch (tag) {
      case 'function':
        return (value: unknown): unknown => this.#callBack(Number(first), second === null ? value : this.#keep(second as Kind, value));
      case 'cancel': {
        const source = this.#cancelOf(Number(first));
        if (second === true) source.cancel();
        return source;
      }
      case 'promise':
        return Promise.resolve();
      case 'error': {
        const error = errorOf(first as ErrorFields);
        this.#theirs.set(error, Number(second));
        return error;
      }
      default:
        throw new Error(`no such tag: ${tag}`);
    }
  }

  /** By either input a cancellation may come before what it cancels. */
  #cancelOf(number: number): CancelSource {
    const source = this.#cancels.get(number) ?? new CancelSource();
    this.#cancels.set(number, source);
    return source;
  }

  /** The number of an object that lives on: the same for the same object. */
  #keep(kind: Kind, target: unknown): number {
    const known = this.#numbers.get(target);
    if (known !== undefined) return known;
    const number = this.#objects.push({ kind, target: target as Target }) - 1;
    this.#numbers.set(target, number);
    return number;
  }

  #object(number: number): { readonly kind: Kind; readonly target: Target } {
    const object = this.#objects[number];
    if (object === undefined) throw new Error(`no such object: ${number}`);
    return object;
  }

  /** Nobody else holds what a caller is given: at the other end that could not be seen. */
  #mustBeNew({ buffer }: Uint8Array, given: readonly unknown[], name: string): void {
    if (this.#given.has(buffer) || given.some((argument) => argument instanceof Uint8Array && argument.buffer === buffer))
      throw new Error(`${name} gives bytes that others hold`);
    this.#given.add(buffer);
  }
}

/** Nothing that a port is given is changed: at the other end that could not be seen. */
function mustBeAsBefore(given: readonly unknown[], copies: readonly (Uint8Array | undefined)[], name: string): void {
  for (const [i, copy] of copies.entries()) {
    const value = given[i];
    if (copy !== undefined && value instanceof Uint8Array && !equalBytes(copy, value)) throw new Error(`${name} changes what it is given`);
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(`not an error was thrown: ${String(error)}`);
}
