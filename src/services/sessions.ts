import type { Clock } from '../platform/clock.ts';
import type { Connection } from '../platform/network.ts';

/** One connection to a service. */
export interface Session {
  /** From now on this is its connection: the one that comes back, which notes when it waits. */
  over(connection: Connection): Connection;
  end(): void;
}

interface Seat {
  readonly address: string;
  connection: Connection | undefined;
  /** Since when the other end is waited for, by the stopwatch; undefined while it is not. */
  waitingSince: number | undefined;
}

/** Connections of one address at the same time. */
const mostOfOne = 32;

/**
 * The connections to a service, of which there are not more than some. Where another comes, the one that is silent for longest has to go:
 * who only holds connections keeps nobody out.
 */
export class Sessions {
  readonly #clock: Pick<Clock, 'monotonic'>;
  readonly #seats = new Set<Seat>();

  constructor(clock: Pick<Clock, 'monotonic'>) {
    this.#clock = clock;
  }

  /** Undefined where there is no room, and nobody who only waits. */
  open(address: string, most: number): Session | undefined {
    const same = [...this.#seats].filter((seat) => seat.address === address);
    if (same.length >= mostOfOne && !this.#makeRoom(same)) return undefined;
    if (this.#seats.size >= most && !this.#makeRoom([...this.#seats])) return undefined;
    const seat: Seat = { address, connection: undefined, waitingSince: this.#clock.monotonic() };
    this.#seats.add(seat);
    return {
      over: (connection) => {
        seat.connection = connection;
        return this.#watched(connection, seat);
      },
      end: () => {
        this.#seats.delete(seat);
      },
    };
  }

  /** Ends all of them at once. */
  drop(): void {
    for (const seat of this.#seats) seat.connection?.drop();
  }

  #makeRoom(among: readonly Seat[]): boolean {
    const [longest] = among
      .filter((seat) => seat.waitingSince !== undefined)
      .toSorted((a, b) => (a.waitingSince ?? 0) - (b.waitingSince ?? 0));
    if (longest === undefined) return false;
    this.#seats.delete(longest);
    longest.connection?.drop();
    return true;
  }

  #watched(connection: Connection, seat: Seat): Connection {
    // Whoever does not take what is sent is waited for, too.
    const waited = async <T>(work: () => Promise<T>): Promise<T> => {
      seat.waitingSince = this.#clock.monotonic();
      try {
        return await work();
      } finally {
        seat.waitingSince = undefined;
      }
    };
    return {
      peer: connection.peer,
      user: connection.user,
      read: () => waited(() => connection.read()),
      write: (bytes) => waited(() => connection.write(bytes)),
      close: () => connection.close(),
      drop: () => connection.drop(),
    };
  }
}
