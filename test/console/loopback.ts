import { type Connection, NetworkError } from '../../src/platform/network.ts';

/** Both ends of a connection inside one program. Bytes wait for their reader without limit: `write` resolves when they are read. */
export function loopback(user?: number): readonly [Connection, Connection] {
  const there = new Pipe();
  const back = new Pipe();
  return [end(back, there, user), end(there, back)];
}

/** @param user whose process the other end is said to be */
function end(incoming: Pipe, outgoing: Pipe, user?: number): Connection {
  return {
    peer: 'loopback',
    user,
    read: () => incoming.read(),
    write: (bytes) => outgoing.write(bytes),
    close: () => {
      incoming.close();
      outgoing.close();
    },
    drop: () => {
      incoming.close();
      outgoing.close(new NetworkError('closed', 'the connection was dropped'));
    },
  };
}

class Pipe {
  readonly #waiting: { readonly bytes: Uint8Array; readonly taken: () => void; readonly lost: (error: Error) => void }[] = [];
  #reader: ((bytes: Uint8Array | undefined) => void) | undefined;
  #closed = false;

  read(): Promise<Uint8Array | undefined> {
    const first = this.#waiting.shift();
    if (first !== undefined) {
      first.taken();
      return Promise.resolve(first.bytes);
    }
    if (this.#closed) return Promise.resolve(undefined);
    return new Promise((resolve) => {
      this.#reader = resolve;
    });
  }

  write(bytes: Uint8Array): Promise<void> {
    if (this.#closed) return Promise.reject(new NetworkError('closed', 'the other end is gone'));
    const reader = this.#reader;
    if (reader !== undefined) {
      this.#reader = undefined;
      reader(bytes);
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      this.#waiting.push({ bytes, taken: resolve, lost: reject });
    });
  }

  /** What was written before is still read, but nobody waits for it; where it is dropped, with an error, it is lost. */
  close(dropped?: Error): void {
    this.#closed = true;
    for (const { taken, lost } of dropped === undefined ? this.#waiting : this.#waiting.splice(0)) {
      if (dropped === undefined) taken();
      else lost(dropped);
    }
    this.#reader?.(undefined);
    this.#reader = undefined;
  }
}
