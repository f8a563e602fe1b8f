import { scryptSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Crypto } from '../../src/platform/crypto.ts';
import { NodeCrypto } from '../../src/platform/node/crypto.ts';
import { NodeRandom } from '../../src/platform/node/random.ts';
import { hashPassword, verifyPassword } from '../../src/users/password.ts';

const crypto = new NodeCrypto();

describe('a stored password', () => {
  it('is scrypt with its parameters, within 4 MiB, and a salt of its own', async () => {
    const stored = await hashPassword('secret', crypto, new NodeRandom());
    const [kind, cost, blockSize, parallel, salt = '', hash = ''] = stored.split('$');
    expect(kind).toBe('scrypt');
    expect(128 * Number(cost) * Number(blockSize)).toBeLessThanOrEqual(4 * 1024 * 1024);
    const expected = scryptSync('secret', Buffer.from(salt, 'base64'), 32, { N: Number(cost), r: Number(blockSize), p: Number(parallel) });
    expect(Buffer.from(hash, 'base64').equals(expected)).toBe(true);
    expect(await hashPassword('secret', crypto, new NodeRandom())).not.toBe(stored);
  });

  it('of other parameters is verified with those', async () => {
    const salt = Buffer.from('0123456789abcdef');
    const hash = scryptSync('secret', salt, 32, { N: 1024, r: 4, p: 2 });
    const stored = `scrypt$1024$4$2$${salt.toString('base64')}$${hash.toString('base64')}`;
    expect(await verifyPassword('secret', stored, crypto)).toBe(true);
    expect(await verifyPassword('Secret', stored, crypto)).toBe(false);
  });

  it.each([
    '',
    'secret',
    'plain$secret',
    'scrypt$4096$8$5$AAAA$AAAA',
    'scrypt$1e9$8$5$AAAA$AAAA',
    'scrypt$4096$8',
    'scrypt$-1$8$1$AAAA$AAAA',
  ])('that is none fits no password: %j', async (stored) => {
    expect(await verifyPassword('', stored, crypto)).toBe(false);
    expect(await verifyPassword('secret', stored, crypto)).toBe(false);
  });

  it('costs the same work when it is missing', async () => {
    const work: number[][] = [];
    const counting: Crypto = Object.assign(Object.create(crypto), {
      scrypt: (...[password, salt, cost, blockSize, parallel, length]: Parameters<Crypto['scrypt']>) => {
        work.push([cost, blockSize, parallel, length]);
        return crypto.scrypt(password, salt, cost, blockSize, parallel, length);
      },
    });
    await verifyPassword('secret', await hashPassword('secret', crypto, new NodeRandom()), counting);
    await verifyPassword('secret', undefined, counting);
    expect(work[0]).toEqual(work[1]);
  });
});
