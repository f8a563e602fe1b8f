import { beforeEach, describe, expect, it } from 'vitest';
import { neverCancelled } from '../../src/platform/cancel.ts';
import type { Clock } from '../../src/platform/clock.ts';
import { NodeCrypto } from '../../src/platform/node/crypto.ts';
import { NodeRandom } from '../../src/platform/node/random.ts';
import { Access } from '../../src/users/access.ts';
import type { Users } from '../../src/users/users.ts';
import { newUsers } from './people.ts';

/** Counts the passwords that are hashed, and how many at once. */
class CountingCrypto extends NodeCrypto {
  hashed = 0;
  atOnce = 0;
  mostAtOnce = 0;

  override async scrypt(...given: Parameters<NodeCrypto['scrypt']>): Promise<Uint8Array> {
    this.hashed++;
    this.atOnce++;
    this.mostAtOnce = Math.max(this.mostAtOnce, this.atOnce);
    try {
      return await super.scrypt(...given);
    } finally {
      this.atOnce--;
    }
  }
}

const minute = 60_000;

let crypto: CountingCrypto;
let users: Users;
let access: Access;
let log: string[];
let now: number;
let ann: number;

beforeEach(async () => {
  crypto = new CountingCrypto();
  users = await newUsers(crypto);
  ann = await users.add({ name: 'ann', group: 'write', password: 'correct horse' });
  crypto.hashed = 0;
  log = [];
  now = 0;
  const clock: Clock = {
    now: () => 0,
    monotonic: () => now,
    offsetAt: () => 0,
    zone: () => 'UTC',
    set: () => undefined,
    sleep: async (milliseconds) => {
      await Promise.resolve();
      now += milliseconds;
    },
  };
  access = new Access({ users, clock, crypto, random: new NodeRandom(), log: (_severity, _topics, message) => log.push(message) });
});

const ask = async (name = 'ann', password = 'correct horse', from = '192.0.2.7'): Promise<string | undefined> =>
  (await access.authenticateRequest(name, password, { via: 'rest-api', from }, neverCancelled))?.user;

describe('a right password', () => {
  it('is hashed once in five minutes, wherever it comes from', async () => {
    for (let i = 0; i < 5; i++) {
      expect(await ask('ann', 'correct horse', `192.0.2.${i}`)).toBe('ann');
      now += minute - 1;
    }
    expect(crypto.hashed).toBe(1);
    now += minute;
    expect(await ask()).toBe('ann');
    expect(crypto.hashed).toBe(2);
  });

  it('is logged when it was hashed', async () => {
    for (let i = 0; i < 3; i++) await ask();
    expect(log).toEqual(['user ann logged in from 192.0.2.7 via rest-api']);
  });

  it('is heard at once, while others guess for its user', async () => {
    await ask();
    for (let i = 0; i < 3; i++) await ask('ann', 'wrong', '192.0.2.66');
    const before = now;
    expect(await ask()).toBe('ann');
    expect(now - before).toBe(0);
  });

  it.each([
    ['changed', () => users.set([ann], { password: 'battery staple' })],
    ['taken away', () => users.set([ann], { password: '' })],
    ['set again, and is another', () => users.set([ann], { password: 'Correct horse' })],
  ])('is not known any more when it was %s', async (_, change) => {
    await ask();
    await change();
    expect(await ask()).toBeUndefined();
  });

  it.each([
    ['is disabled', () => users.set([ann], { disabled: true })],
    ['is removed', async () => users.remove([ann])],
    ['may not use REST any more', async () => users.groups.set([2], { policies: ['read', 'write'] })],
    [
      'was removed, and has come again with another password',
      async () => {
        users.remove([ann]);
        await users.add({ name: 'ann', group: 'write', password: 'another horse' });
      },
    ],
  ])('lets nobody in whose user %s', async (_, change) => {
    await ask();
    await change();
    expect(await ask()).toBeUndefined();
  });
});

describe('a wrong password', () => {
  it.each([
    ['ann', 'wrong'],
    ['nobody', 'correct horse'],
    ['admin', ''],
    ['admin', 'correct horse'],
    ['', ''],
  ])('of %j, %j, lets nobody in, after a hash', async (name, password) => {
    expect(await ask(name, password)).toBeUndefined();
    expect(crypto.hashed).toBe(1);
  });

  it('is not taken for the right one that was there before', async () => {
    await ask();
    expect(await ask('ann', 'correct hors')).toBeUndefined();
    expect(crypto.hashed).toBe(2);
  });

  it('is slowed by name and by place', async () => {
    for (let i = 0; i < 4; i++) await ask('ann', 'wrong', `192.0.2.${i}`);
    expect(now).toBe(1000 + 2000 + 4000);
  });
});

describe('a network of IPv6', () => {
  it('is one place, whatever addresses it uses', async () => {
    for (let i = 0; i < 4; i++) await ask(`eve${i}`, 'wrong', `2001:db8::${i}`);
    expect(now).toBe(1000 + 2000 + 4000);
    expect(log.at(-1)).toBe('login failure for an unknown user from 2001:db8::3 via rest-api');
  });
});

describe('guesses for somebody who is known', () => {
  it('are not told apart by how fast they are answered, where others from that place wait', async () => {
    await ask();
    const waiting = Array.from({ length: 4 }, () => ask('eve', 'wrong', '192.0.2.66').catch(() => undefined));
    // Neither is heard before its turn.
    await expect(ask('ann', 'wrong', '192.0.2.66')).rejects.toMatchObject({ code: 'too-many' });
    await expect(ask('ann', 'correct horse', '192.0.2.66')).rejects.toMatchObject({ code: 'too-many' });
    await Promise.all(waiting);
  });

  it('count as failures though there is no room to have them hashed', async () => {
    await ask();
    const waiting = Array.from({ length: 16 }, (_, i) => ask('eve', 'wrong', `192.0.2.${100 + (i % 4)}`).catch(() => undefined));
    await expect(ask('ann', 'wrong', '192.0.2.66')).rejects.toMatchObject({ code: 'too-many' });
    // From there the right one has to wait now, too.
    await expect(ask('ann', 'correct horse', '192.0.2.66')).rejects.toMatchObject({ code: 'too-many' });
    expect(await ask()).toBe('ann');
    await Promise.all(waiting);
  });

  it('keep nobody from the serial line', async () => {
    for (let i = 0; i < 5; i++) await ask('ann', 'wrong', `192.0.2.${i}`);
    const before = now;
    expect((await access.authenticate('ann', 'correct horse', { via: 'local' }, neverCancelled))?.user).toBe('ann');
    expect(now - before).toBe(0);
  });
});

describe('many at once', () => {
  it('are hashed one after another', async () => {
    await Promise.all(['a', 'b', 'c'].map((name, i) => ask(name, 'wrong', `192.0.2.${i}`)));
    expect([crypto.hashed, crypto.mostAtOnce]).toEqual([3, 1]);
  });

  it('are refused from one place, and altogether, while it is heard who is known', async () => {
    await ask();
    const answers = Array.from({ length: 40 }, (_, i) => ask('eve', 'wrong', `192.0.2.${i % 7}`).catch((error: unknown) => error));
    await expect(ask('eve', 'wrong', '192.0.2.99')).rejects.toMatchObject({ code: 'too-many' });
    expect(await ask()).toBe('ann');
    const refused = (await Promise.all(answers)).filter((answer) => answer !== undefined);
    expect(refused.length).toBe(24);
    await expect(ask('eve', 'wrong', '192.0.2.99')).resolves.toBeUndefined();
  });

  it('from one place leave room for others', async () => {
    const answers = Array.from({ length: 20 }, () => ask('eve', 'wrong', '192.0.2.66').catch((error: unknown) => error));
    expect(await ask('ann', 'correct horse', '192.0.2.7')).toBe('ann');
    expect((await Promise.all(answers)).filter((answer) => answer !== undefined).length).toBe(16);
  });
});
