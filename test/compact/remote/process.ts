import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, readFileSync } from 'node:fs';
import { Socket } from 'node:net';
import { patience } from '../../patience.ts';
import { Frames } from '../guest/wire.ts';
import { makePipes, pause, readReady, writeReady } from './pipes.ts';

/** By which of its inputs a guest is told something: the one that it reads while others work, or the one that it waits for within a call. */
export type Input = 'input' | 'direct';

/** What hears of a guest: every frame, in order, and once that there will be no more, and why. */
export interface GuestListener {
  take(frame: Uint8Array): void;
  end(error: Error): void;
}

/** Milliseconds between two looks at a pipe. */
const shortestPause = 0.05;
const longestPause = 2;

/** The process of a guest, whose standard output can be waited for without the event loop. */
export class GuestProcess {
  readonly #child: ChildProcess;
  readonly #inputs: Readonly<Record<Input, number>>;
  readonly #output: number;
  readonly #errors: number;
  readonly #outputSocket: Socket;
  readonly #errorSocket: Socket;
  readonly #frames = new Frames();
  readonly #listener: GuestListener;
  #complaints = '';
  #ended: Error | undefined;

  constructor([program = '', ...args]: readonly string[], listener: GuestListener) {
    this.#listener = listener;
    const { input, output, errors, direct } = makePipes({ input: 'write', output: 'read', errors: 'read', direct: 'write' });
    this.#inputs = { input: input.ours, direct: direct.ours };
    this.#output = output.ours;
    this.#errors = errors.ours;
    const theirs = [input, output, errors, direct].map((pipe) => pipe.theirs);
    this.#child = spawn(program, args, { stdio: theirs });
    for (const descriptor of theirs) closeSync(descriptor);
    this.#child.on('error', () => undefined);
    if (this.#child.pid === undefined) this.#complaints = `${program} can not be started`;
    this.#outputSocket = listen(this.#output, (bytes) => this.#came(bytes)).on('end', () => this.#end());
    this.#errorSocket = listen(this.#errors, (bytes) => this.#complain(bytes));
  }

  get ended(): boolean {
    return this.#ended !== undefined;
  }

  /** Tells the guest something, and takes what it says meanwhile: neither may wait for the other. Throws when the guest has ended. */
  send(frame: Uint8Array, input: Input): void {
    if (this.#ended !== undefined) throw this.#ended;
    let rest = frame;
    this.waitFor(() => {
      rest = rest.subarray(this.#write(rest, input));
      return rest.length === 0;
    });
  }

  /** Takes what the guest says until `done`, without the event loop. Throws when the guest ends before. */
  waitFor(done: () => boolean): void {
    const deadline = performance.now() + patience;
    let wait = shortestPause;
    while (!done()) {
      if (this.#ended !== undefined) throw this.#ended;
      const bytes = readReady(this.#output);
      if (bytes !== undefined) {
        wait = shortestPause;
        if (bytes.length > 0) this.#came(bytes);
        else this.#end();
      } else if (performance.now() > deadline) {
        this.kill();
        throw new Error(`the guest has not answered for ${patience} ms, and was killed`);
      } else {
        pause(wait);
        wait = Math.min(wait * 2, longestPause);
      }
    }
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }

  /** Ends the guest's inputs. Resolves with its exit status once it has ended by itself. */
  async stop(): Promise<number | null> {
    for (const descriptor of Object.values(this.#inputs)) closeSync(descriptor);
    if (this.#child.exitCode === null && this.#child.signalCode === null) await once(this.#child, 'exit');
    this.#outputSocket.destroy();
    this.#errorSocket.destroy();
    return this.#child.exitCode;
  }

  #write(bytes: Uint8Array, input: Input): number {
    try {
      return writeReady(this.#inputs[input], bytes) ?? 0;
    } catch (error) {
      // It reads no more; what it still says tells why.
      if (error instanceof Error && 'code' in error && error.code === 'EPIPE') return 0;
      throw error;
    }
  }

  #came(bytes: Uint8Array): void {
    try {
      this.#frames.add(bytes);
      for (let frame = this.#frames.next(); frame !== undefined; frame = this.#frames.next()) this.#listener.take(frame);
    } catch (error) {
      // What it says has no meaning from here on.
      this.#complaints += String(error);
      this.kill();
      this.#end();
    }
  }

  #complain(bytes: Uint8Array): void {
    this.#complaints += Buffer.from(bytes).toString();
  }

  #end(): void {
    if (this.#ended !== undefined) return;
    while (!this.#errorSocket.destroyed) {
      const rest = readReady(this.#errors);
      if (rest === undefined || rest.length === 0) break;
      this.#complain(rest);
    }
    this.#ended = new Error(`the guest has ended (${statusOf(this.#child)}): ${this.#complaints.trim()}`);
    this.#listener.end(this.#ended);
  }
}

/** How a child has ended, of which Node may not have heard yet: its wait status is the last field of proc_pid_stat(5). */
function statusOf({ pid, exitCode, signalCode }: ChildProcess): string {
  try {
    const status = Number(readFileSync(`/proc/${pid}/stat`, 'latin1').trim().split(' ').at(-1));
    return (status & 0x7f) === 0 ? `status ${status >> 8}` : `signal ${status & 0x7f}`;
  } catch {
    return `status ${exitCode ?? signalCode ?? 'unknown'}`;
  }
}

/** Straight from the descriptor: a stream could keep bytes back that a synchronous read would then overtake. */
function listen(descriptor: number, take: (bytes: Uint8Array) => void): Socket {
  const callback = (length: number, buffer: Uint8Array): boolean => {
    take(buffer.slice(0, length));
    return true;
  };
  return new Socket({ fd: descriptor, readable: true, writable: false, onread: { buffer: new Uint8Array(65_536), callback } }).resume();
}
