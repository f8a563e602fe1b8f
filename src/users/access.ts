import { firstUid, isAccountUid } from '../accounts/account-list.ts';
import type { Cancel } from '../platform/cancel.ts';
import type { Clock } from '../platform/clock.ts';
import type { Crypto } from '../platform/crypto.ts';
import type { Severity } from '../platform/log.ts';
import type { Random } from '../platform/random.ts';
import { StoreError } from '../store/errors.ts';
import { Attempts } from './attempts.ts';
import { UserError } from './errors.ts';
import { Guest } from './guest.ts';
import { networkOf } from './network-of.ts';
import type { Policy } from './policies.ts';
import { Refusals } from './refusals.ts';
import { RightPasswords } from './right-passwords.ts';
import type { User, Users } from './users.ts';
import { WaitingRoom } from './waiting-room.ts';

/** How somebody comes: at the machine itself, over SSH for a console or for files, or over REST, from an address where it is known. */
export interface Way {
  readonly via: 'local' | 'ssh' | 'sftp' | 'rest-api';
  readonly from?: string | undefined;
}

export interface AccessPorts {
  readonly users: Users;
  readonly clock: Clock;
  readonly crypto: Crypto;
  readonly random: Random;
  readonly log: (severity: Severity, topics: readonly string[], message: string) => void;
}

/** The policies that each way takes. */
const needed: Readonly<Record<Way['via'], readonly Policy[]>> = {
  local: ['local'],
  ssh: ['ssh'],
  sftp: ['ssh', 'ftp'],
  'rest-api': ['rest-api'],
};

/** Who is let in, and what the log says of it. */
export class Access {
  readonly #users: Users;
  readonly #clock: Clock;
  readonly #log: AccessPorts['log'];
  readonly #attempts: Attempts;
  readonly #refusals: Refusals;
  readonly #right: RightPasswords;
  readonly #waiting = new WaitingRoom();
  /** Ends with the last hash that is being computed: two at once would take the memory of a small router. */
  #hashing: Promise<unknown> = Promise.resolve();

  constructor({ users, clock, crypto, random, log }: AccessPorts) {
    this.#users = users;
    this.#clock = clock;
    this.#log = log;
    this.#attempts = new Attempts(clock);
    this.#right = new RightPasswords(crypto, random, clock);
    this.#refusals = new Refusals(clock, (message) => log('critical', ['system', 'error'], message));
  }

  /** The owner of the store, who is the first enabled user of group full. */
  owner(): Guest {
    return new Guest(this.#users, this.#users.owner(), () => this.#users.owner());
  }

  /** Whom a Unix account belongs to. Undefined, and logged, if to nobody who may come this way. */
  ofAccount(uid: number, way: Way): Guest | undefined {
    const user = isAccountUid(uid) ? this.#users.withId(uid - firstUid) : undefined;
    if (user !== undefined && this.#maySee(user, way)) return this.#guest(user);
    this.#refusals.refused(user === undefined ? `the account with uid ${uid}` : `user ${user.name}`, placeOf(way));
    return undefined;
  }

  /**
   * Whoever has this name and password, and may come this way. Undefined for anybody else, after the same work and with a line in the log;
   * the next attempt from the same place, or for the same name, has to wait. Throws `Cancelled`.
   */
  async authenticate(name: string, password: string, way: Way, cancel: Cancel): Promise<Guest | undefined> {
    // Who fails over the network keeps nobody from the serial line.
    const keys = [`user ${name} via ${way.via === 'rest-api' ? 'rest-api' : 'a console'}`, sourceOf(way)];
    for (;;) {
      await this.#clock.sleep(Math.max(...keys.map((key) => this.#attempts.delay(key))), cancel);
      const before = this.#hashing;
      const attempt = before.then(async () => {
        // Somebody else may have failed meanwhile.
        if (keys.some((key) => this.#attempts.delay(key) > 0)) return 'again';
        return this.#attempt(name, password, way, keys);
      });
      this.#hashing = attempt.catch(() => undefined);
      const guest = await attempt;
      if (guest !== 'again') return guest;
    }
  }

  /**
   * As `authenticate`, for who says who they are with each request: a password that was right is not hashed again for five minutes. Throws
   * `UserError` `too-many` where others wait already, from this place or altogether.
   */
  async authenticateRequest(name: string, password: string, way: Way, cancel: Cancel): Promise<Guest | undefined> {
    const stored = this.#users.storedPassword(name);
    const source = sourceOf(way);
    const verdict = stored === undefined ? 'unknown' : this.#right.judge(name, password, stored);
    // Who guesses is told nothing by the haste of an answer: whatever comes from where somebody failed, or waits, takes its turn.
    if (verdict === 'right' && this.#attempts.delay(source) === 0 && !this.#waiting.has(source)) {
      const user = this.#users.withName(name);
      if (user?.disabled === false && this.#maySee(user, way)) return this.#guest(user);
    }
    // Also where there is no room to have it hashed.
    if (verdict === 'wrong') this.#attempts.failed(source);
    const leave = this.#waiting.enter(source);
    try {
      const guest = await this.authenticate(name, password, way, cancel);
      if (guest === undefined || stored === undefined) return undefined;
      this.#right.remember(name, password, stored);
      this.came(guest, way);
      return guest;
    } finally {
      leave();
    }
  }

  /** Waits as long as an attempt from this place has to. Throws `Cancelled`. */
  async pause(way: Way, cancel: Cancel): Promise<void> {
    await this.#clock.sleep(this.#attempts.delay(sourceOf(way)), cancel);
  }

  /** The user whose password has to be chosen first: as long as nobody of group full has one. Undefined later. */
  withoutPassword(): string | undefined {
    return this.#users.withoutPassword();
  }

  /** Sets the first password of the user that `withoutPassword` names. Throws `UserError` if somebody else was faster. */
  async choosePassword(name: string, password: string): Promise<Guest> {
    await this.#users.choosePassword(name, password);
    this.#log('info', ['system', 'account'], `user ${name} got a first password via local`);
    const user = this.#users.withName(name);
    if (user === undefined) throw new UserError('no-such-item', 'no such item');
    return this.#guest(user);
  }

  /** Notes that somebody is there; what it returns, that they left. */
  came(guest: Guest, way: Way): () => void {
    const where = placeOf(way);
    this.#log('info', ['system', 'account'], `user ${guest.user} logged in ${where}`);
    try {
      if (guest.id !== undefined) this.#users.loggedIn(guest.id);
    } catch (error) {
      // A full disk must not keep its engineer out.
      if (!(error instanceof StoreError)) throw error;
      this.#log('error', ['system', 'account'], `last-logged-in of ${guest.user} could not be stored: ${error.message}`);
    }
    return () => this.#log('info', ['system', 'account'], `user ${guest.user} logged out ${where}`);
  }

  async #attempt(name: string, password: string, way: Way, keys: readonly string[]): Promise<Guest | undefined> {
    const user = await this.#users.authenticate(name, password);
    if (user !== undefined && this.#maySee(user, way)) {
      for (const key of keys) this.#attempts.succeeded(key);
      return this.#guest(user);
    }
    for (const key of keys) this.#attempts.failed(key);
    // What is no user's name may be a password, typed at the wrong moment.
    const who = this.#users.withName(name) === undefined ? 'an unknown user' : `user ${name}`;
    this.#log('critical', ['system', 'error'], `login failure for ${who} ${placeOf(way)}`);
    return undefined;
  }

  #maySee(user: User, { via }: Way): boolean {
    const policies = this.#users.policiesOf(user.name);
    return needed[via].every((policy) => policies.has(policy));
  }

  #guest(user: User): Guest {
    const { generation } = this.#users;
    return new Guest(this.#users, user, () => (this.#users.generation === generation ? this.#users.withId(user.id) : undefined));
  }
}

/** "via local", "from 192.0.2.7 via ssh". */
function placeOf({ via, from }: Way): string {
  return `${from === undefined ? '' : `from ${from} `}via ${via}`;
}

/** What is counted as one place: who has an address of IPv6 has many. */
function sourceOf({ via, from }: Way): string {
  return placeOf({ via, from: from === undefined ? undefined : networkOf(from) });
}
