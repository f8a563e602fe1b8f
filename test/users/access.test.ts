import { beforeEach, describe, expect, it } from 'vitest';
import { CancelSource, neverCancelled } from '../../src/platform/cancel.ts';
import type { Clock } from '../../src/platform/clock.ts';
import { NodeCrypto } from '../../src/platform/node/crypto.ts';
import { NodeRandom } from '../../src/platform/node/random.ts';
import { Access } from '../../src/users/access.ts';
import type { Users } from '../../src/users/users.ts';
import { newUsers } from './people.ts';

const here = { via: 'local' } as const;
const overSsh = { via: 'ssh', from: '192.0.2.7' } as const;

let users: Users;
let access: Access;
let log: string[];
let slept: number;

beforeEach(async () => {
  users = await newUsers();
  log = [];
  slept = 0;
  let now = 0;
  const clock: Clock = {
    now: () => 0,
    monotonic: () => now,
    offsetAt: () => 0,
    zone: () => 'UTC',
    set: () => undefined,
    sleep: async (milliseconds, cancel) => {
      await Promise.resolve();
      cancel.check();
      slept += milliseconds;
      now += milliseconds;
    },
  };
  access = new Access({
    users,
    clock,
    crypto: new NodeCrypto(),
    random: new NodeRandom(),
    log: (severity, topics, message) => log.push(`${[...topics, severity].join(',')} ${message}`),
  });
});

const attempt = (name: string, password: string) => access.authenticate(name, password, here, neverCancelled);

describe('a name and a password', () => {
  beforeEach(async () => {
    await users.add({ name: 'ann', group: 'write', password: 'correct horse' });
  });

  it('let their user in', async () => {
    const ann = await attempt('ann', 'correct horse');
    expect([ann?.user, ann?.policies.has('write'), ann?.policies.has('policy')]).toEqual(['ann', true, false]);
    expect(log).toEqual([]);
  });

  it('are logged when they are wrong; what is no name of a user is not: it may be a password', async () => {
    for (const name of ['ann', 'correct horse']) expect(await attempt(name, 'wrong')).toBeUndefined();
    expect(log).toEqual([
      'system,error,critical login failure for user ann via local',
      'system,error,critical login failure for an unknown user via local',
    ]);
  });

  it('cost twice the time at each failure, up to half a minute, and nothing after a success', async () => {
    const delays: number[] = [];
    for (let i = 0; i < 8; i++) {
      const before = slept;
      await attempt('ann', 'wrong');
      delays.push(slept - before);
    }
    expect(delays).toEqual([0, 1000, 2000, 4000, 8000, 16_000, 32_000, 32_000]);
    await attempt('ann', 'correct horse');
    const before = slept;
    await attempt('ann', 'correct horse');
    expect(slept - before).toBe(0);
  });

  it('are slowed by place and by name, also those that are tried at the same time', async () => {
    await Promise.all(['a', 'b', 'c', 'd'].map((name) => attempt(name, 'wrong')));
    expect(slept).toBeGreaterThanOrEqual(1000 + 2000 + 4000);
    const before = slept;
    await access.authenticate('e', 'wrong', overSsh, neverCancelled);
    expect(slept - before).toBe(0);
    await access.authenticate('a', 'wrong', { ...overSsh, from: '192.0.2.8' }, neverCancelled);
    expect(log.at(-1)).toBe('system,error,critical login failure for an unknown user from 192.0.2.8 via ssh');
  });

  it('are not waited for by who left', async () => {
    const leaving = new CancelSource();
    await attempt('ann', 'wrong');
    leaving.cancel();
    await expect(access.authenticate('ann', 'correct horse', here, leaving)).rejects.toMatchObject({ code: 'cancelled' });
  });

  it('let nobody in whose group lacks the policy of the way they come', async () => {
    users.groups.add({ name: 'remote', policies: ['ssh', 'read'] });
    await users.add({ name: 'bob', group: 'remote', password: 'battery staple' });
    expect(await attempt('bob', 'battery staple')).toBeUndefined();
    expect(await access.authenticate('bob', 'battery staple', overSsh, neverCancelled)).toMatchObject({ user: 'bob' });
    expect(await access.authenticate('bob', 'battery staple', { via: 'sftp' }, neverCancelled)).toBeUndefined();
  });
});

describe('a new router', () => {
  it('has its first password chosen once', async () => {
    expect(access.withoutPassword()).toBe('admin');
    expect(await access.choosePassword('admin', 'correct horse')).toMatchObject({ user: 'admin' });
    expect(access.withoutPassword()).toBeUndefined();
    await expect(access.choosePassword('admin', 'another one')).rejects.toMatchObject({ code: 'in-use' });
    expect(await attempt('admin', 'correct horse')).toMatchObject({ user: 'admin' });
    expect(log.join()).not.toContain('horse');
  });
});

describe('an account of the machine', () => {
  it('belongs to the user of its uid', async () => {
    const id = await users.add({ name: 'ann', group: 'read' });
    const ann = access.ofAccount(20_000 + id, overSsh);
    expect(ann?.user).toBe('ann');
    await users.set([id], { name: 'anna', group: 'write' });
    expect([ann?.user, ann?.policies.has('write')]).toEqual(['anna', true]);
    users.remove([id]);
    expect([ann?.user, ann?.policies.size, ann?.id]).toEqual(['anna', 0, undefined]);
  });

  it.each([0, 1000, 19_999, 20_000, 20_099, 60_001])('with the uid %i belongs to nobody', (uid) => {
    expect(access.ofAccount(uid, overSsh)).toBeUndefined();
    expect(log).toEqual([`system,error,critical login failure for the account with uid ${uid} from 192.0.2.7 via ssh`]);
  });

  it('is logged once when it is refused a thousand times', () => {
    for (let i = 0; i < 1000; i++) access.ofAccount(1000, overSsh);
    expect(log.length).toBe(1);
  });

  it('lets nobody in who is disabled or may not come this way', async () => {
    const id = await users.add({ name: 'ann', group: 'write' });
    expect(access.ofAccount(20_000 + id, { via: 'sftp' })).toBeUndefined();
    await users.set([id], { disabled: true });
    expect(access.ofAccount(20_000 + id, overSsh)).toBeUndefined();
  });
});

describe('a session', () => {
  it('is logged from its beginning to its end', () => {
    const leave = access.came(access.owner(), overSsh);
    leave();
    expect(log).toEqual([
      'system,account,info user admin logged in from 192.0.2.7 via ssh',
      'system,account,info user admin logged out from 192.0.2.7 via ssh',
    ]);
    expect(users.withName('admin')?.lastLoggedIn).toBeDefined();
  });
});
