import { BudgetError, type Share, unlimited } from '../bytes/budget.ts';
import { concat } from '../bytes/bytes.ts';
import { utf8 } from '../bytes/utf8.ts';
import { CancelSource } from '../platform/cancel.ts';
import type { Clock } from '../platform/clock.ts';
import type { Connection } from '../platform/network.ts';
import type { Terminal } from '../platform/terminal.ts';
import { byteFrames, encodeFrame, type Frame, FrameDecoder, type Hello, ProtocolError, type Purpose, protocolVersion } from './protocol.ts';
import { TypeAhead } from './type-ahead.ts';

const controlC = 0x03;

/** Milliseconds in which the other end has to take what was written, once the console ends. */
const patience = 3000;

/** Milliseconds in which the other end has to hang up, once it has its exit status. */
const lingering = 500;

/** An IPv4 or IPv6 address, with its zone. What else is said would be a lie in the log. */
const address = /^[0-9a-fA-F:.]{2,45}(%[\w.-]{1,15})?$/;

/** The terminal at the far end of a connection, as the daemon sees it. */
export class ConnectionTerminal implements Terminal {
  readonly purpose: Purpose;
  readonly type: string;
  /** The address from which it says to be used by SSH; undefined where it says none, or no address. */
  readonly from: string | undefined;
  readonly #connection: Connection;
  readonly #decoder: FrameDecoder;
  readonly #typed: TypeAhead;
  readonly #resized = new Set<() => void>();
  readonly #interrupted = new Set<() => void>();
  #columns: number;
  #rows: number;
  readonly #clock: Clock;
  #writes = 0;
  #leaving: CancelSource | undefined;
  #lingering: CancelSource | undefined;
  #gone = false;

  private constructor(connection: Connection, decoder: FrameDecoder, hello: Hello, clock: Clock, share: Share) {
    this.#clock = clock;
    this.#connection = connection;
    this.#decoder = decoder;
    this.#typed = new TypeAhead(share.holding());
    this.purpose = hello.purpose;
    this.type = hello.terminal;
    this.from = address.test(hello.from) ? hello.from : undefined;
    this.#columns = hello.columns;
    this.#rows = hello.rows;
  }

  /**
   * Waits for the other end's hello; what waits here for its readers is counted in `share`. A version that is not ours, or anything but a hello, is answered with a message and exit
   * status 1, and throws `ProtocolError`.
   */
  static async accept(connection: Connection, clock: Clock, share = unlimited()): Promise<ConnectionTerminal> {
    const decoder = new FrameDecoder(share.holding());
    try {
      const { first, rest } = await firstFrames(connection, decoder);
      if (first.type !== 'hello') throw new ProtocolError('unexpected', 'a console says hello first');
      if (first.version !== protocolVersion) {
        throw new ProtocolError('version', `this daemon speaks version ${protocolVersion} of the console protocol, not ${first.version}`);
      }
      const terminal = new ConnectionTerminal(connection, decoder, first, clock, share);
      void terminal.#pump(rest);
      return terminal;
    } catch (error) {
      const known = error instanceof ProtocolError || error instanceof BudgetError;
      await ConnectionTerminal.refuse(connection, known ? error.message : 'the console was not understood');
      throw error;
    }
  }

  /** Tells the other end why it gets no console. */
  static async refuse(connection: Connection, message: string): Promise<void> {
    try {
      await connection.write(byteFrames('error', utf8(`${message}\n`)));
      await connection.write(encodeFrame({ type: 'exit', status: 1 }));
    } catch {
      // Whoever hangs up before the answer does not want it.
    }
    connection.close();
  }

  get interactive(): boolean {
    return this.purpose === 'console' || this.purpose === 'login';
  }

  get columns(): number {
    return this.#columns;
  }

  get rows(): number {
    return this.#rows;
  }

  read(): Promise<Uint8Array | undefined> {
    return this.#typed.read();
  }

  write(bytes: Uint8Array): Promise<void> {
    return this.#send(byteFrames('output', bytes));
  }

  writeError(bytes: Uint8Array): Promise<void> {
    return this.#send(byteFrames('error', bytes));
  }

  onResize(listener: () => void): () => void {
    return subscribe(this.#resized, listener);
  }

  onInterrupt(listener: () => void): () => void {
    return subscribe(this.#interrupted, listener);
  }

  async close(status?: number): Promise<void> {
    if (this.#gone || this.#lingering !== undefined) return;
    try {
      const sent = status === undefined ? Promise.resolve() : this.#send(encodeFrame({ type: 'exit', status }));
      this.#leave();
      await sent;
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
    }
    if (status !== undefined) await this.#linger();
    this.#hangUp();
  }

  /** What the other end writes to a closed connection fails there, before it has read what it was told: it hangs up first. */
  async #linger(): Promise<void> {
    if (this.#gone) return;
    this.#lingering = new CancelSource();
    this.#typed.end();
    await this.#clock.sleep(lingering, this.#lingering).catch(() => undefined);
  }

  async #send(bytes: Uint8Array): Promise<void> {
    if (this.#gone) throw new ProtocolError('closed', 'the console is gone');
    this.#writes++;
    try {
      await this.#connection.write(bytes);
    } catch {
      this.#hangUp();
      throw new ProtocolError('closed', 'the console is gone');
    } finally {
      if (--this.#writes === 0) this.#leaving?.cancel();
    }
  }

  /** Takes frames as long as there are any, also while nobody reads: a Ctrl-C must be seen at once. */
  async #pump(first: Iterable<Frame>): Promise<void> {
    try {
      for (const frame of first) await this.#take(frame);
      while (!this.#gone) {
        const bytes = await this.#connection.read();
        if (bytes === undefined) break;
        for (const frame of this.#decoder.frames(bytes)) await this.#take(frame);
      }
    } catch (error) {
      if (error instanceof BudgetError && !this.#gone) {
        this.#typed.clear();
        this.#decoder.forget();
        // No need to wait until it is read: closing ends the connection after what was written.
        void this.#connection
          .write(concat([byteFrames('error', utf8(`${error.message}\n`)), encodeFrame({ type: 'exit', status: 1 })]))
          .catch(() => undefined);
      }
      // A connection that fails, or does not keep to the protocol, is a terminal that was hung up.
    }
    this.#hangUp();
  }

  async #take(frame: Frame): Promise<void> {
    if (this.#lingering !== undefined) return;
    switch (frame.type) {
      case 'input':
        if (frame.bytes.length === 0) this.#typed.end();
        else await this.#typed.push(this.#withoutInterrupts(frame.bytes));
        return;
      case 'resize':
        this.#columns = frame.columns;
        this.#rows = frame.rows;
        notify(this.#resized);
        return;
      case 'interrupt':
        this.#interrupt();
        return;
      default:
        throw new ProtocolError('unexpected', `a console sends no ${frame.type} frame`);
    }
  }

  /** While a command runs, Ctrl-C stops it and what was typed before it is forgotten; while somebody reads, it is a key like others. */
  #withoutInterrupts(bytes: Uint8Array): Uint8Array {
    const last = bytes.lastIndexOf(controlC);
    if (!this.interactive || last < 0 || this.#typed.awaited || this.#interrupted.size === 0) return bytes;
    this.#interrupt();
    return bytes.subarray(last + 1);
  }

  #interrupt(): void {
    this.#typed.clear();
    notify(this.#interrupted);
  }

  /** Whoever takes nothing does not keep their place for ever. */
  #leave(): void {
    if (this.#writes === 0 || this.#leaving !== undefined) return;
    this.#leaving = new CancelSource();
    void this.#clock.sleep(patience, this.#leaving).then(
      () => this.#connection.drop(),
      () => undefined,
    );
  }

  #hangUp(): void {
    if (this.#gone) return;
    this.#gone = true;
    this.#lingering?.cancel();
    this.#leave();
    this.#connection.close();
    this.#typed.end();
    notify(this.#interrupted);
  }
}

async function firstFrames(connection: Connection, decoder: FrameDecoder): Promise<{ first: Frame; rest: Iterable<Frame> }> {
  for (;;) {
    const bytes = await connection.read();
    if (bytes === undefined) throw new ProtocolError('closed', 'the console is gone');
    const rest = decoder.frames(bytes);
    const { value: first } = rest.next();
    if (first !== undefined) return { first, rest };
  }
}

function subscribe(listeners: Set<() => void>, listener: () => void): () => void {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}

function notify(listeners: ReadonlySet<() => void>): void {
  for (const listener of listeners) listener();
}
