import { expect } from 'vitest';
import type { Share } from '../../src/bytes/budget.ts';
import { fromUtf8Lossy, utf8 } from '../../src/bytes/utf8.ts';
import { PacketReader } from '../../src/sftp/packet.ts';
import { encodeRequest, type Request } from '../../src/sftp/request.ts';
import type { SftpServer } from '../../src/sftp/server.ts';
import type { SftpGuest } from '../../src/sftp/session.ts';

type Without<R> = R extends Request ? Omit<R, 'id'> : never;

/** A client that sends one request after another. */
export class Client {
  readonly served: Promise<void>;
  readonly #sent: Uint8Array[] = [];
  readonly #answers: Uint8Array[] = [];
  #wake: () => void = () => undefined;
  #answered: () => void = () => undefined;
  #ended = false;
  #id = 7;

  constructor(server: SftpServer, guest: SftpGuest, share: Share) {
    const stream = {
      read: async () => {
        while (this.#sent.length === 0 && !this.#ended)
          await new Promise<void>((resolve) => {
            this.#wake = resolve;
          });
        return this.#sent.shift();
      },
      write: async (bytes: Uint8Array) => {
        this.#answers.push(bytes.slice(4));
        this.#answered();
      },
    };
    this.served = server.serve(stream, guest, share);
    void this.served.catch(() => this.#answered()).finally(() => share.end());
  }

  send(bytes: Uint8Array): void {
    this.#sent.push(bytes);
    this.#wake();
  }

  async next(): Promise<PacketReader> {
    while (this.#answers.length === 0)
      await new Promise<void>((resolve) => {
        this.#answered = resolve;
      });
    return new PacketReader(this.#answers.shift() ?? new Uint8Array(0));
  }

  /** The answer behind its id, which is that of the request. */
  async ask(request: Without<Request>): Promise<{ type: number; reader: PacketReader }> {
    const id = this.#id++;
    this.send(encodeRequest({ id, ...request }));
    const reader = await this.next();
    const type = reader.byte();
    expect(reader.uint32()).toBe(id);
    return { type, reader };
  }

  /** The code and message of the status that answers. */
  async status(request: Without<Request>): Promise<string> {
    const { type, reader } = await this.ask(request);
    expect(type).toBe(101);
    return `${reader.uint32()} ${fromUtf8Lossy(reader.string())}`;
  }

  async handle(request: Without<Request>): Promise<Uint8Array> {
    const { type, reader } = await this.ask(request);
    expect(type).toBe(102);
    return reader.string();
  }

  open(path: string, flags: number): Promise<Uint8Array> {
    return this.handle({ type: 'open', path: utf8(path), flags, attributes: {} });
  }

  refusedOpen(path: string, flags: number): Promise<string> {
    return this.status({ type: 'open', path: utf8(path), flags, attributes: {} });
  }

  async end(): Promise<void> {
    this.#ended = true;
    this.#wake();
    await this.served;
  }
}
