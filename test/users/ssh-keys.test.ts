import { beforeEach, describe, expect, it } from 'vitest';
import { base64 } from '../../src/bytes/base64.ts';
import { utf8 } from '../../src/bytes/utf8.ts';
import { NodeClock } from '../../src/platform/node/clock.ts';
import { NodeCrypto } from '../../src/platform/node/crypto.ts';
import { NodeFiles } from '../../src/platform/node/files.ts';
import { NodeRandom } from '../../src/platform/node/random.ts';
import type { UserErrorCode } from '../../src/users/errors.ts';
import { SshKeys } from '../../src/users/ssh-keys.ts';
import { Users } from '../../src/users/users.ts';
import { sshKey } from '../judges/ssh-keygen.ts';
import { newStore, temporaryFolder } from '../store/opened.ts';

const line = sshKey('ed25519', 256, 'ann@laptop');
const other = sshKey('ecdsa', 256, 'ann@desk');
const alone = (of: string): string => of.split(' ').slice(0, 2).join(' ');

let users: Users;
let files: NodeFiles;
let keys: SshKeys;
let ann: number;
beforeEach(async () => {
  const [store, crypto] = [await newStore(), new NodeCrypto()];
  users = new Users({ store, crypto, random: new NodeRandom(), clock: new NodeClock() });
  files = await NodeFiles.open(temporaryFolder());
  keys = new SshKeys({ store, crypto, files });
  ann = await users.add({ name: 'ann', group: 'read' });
});

const linesOf = (name: string): readonly string[] | undefined => users.accounts().find((account) => account.name === name)?.keys;

describe('a key', () => {
  it('is listed with its user, and lets its user in without its info', () => {
    const id = keys.add(ann, line, 'the small one');
    const shown = { id, user: 'ann', type: 'ed25519', bits: 256, info: 'ann@laptop', comment: 'the small one' };
    expect(keys.list()).toEqual([expect.objectContaining(shown)]);
    expect(keys.withId(id)).toEqual(keys.list()[0]);
    expect([linesOf('ann'), linesOf('admin')]).toEqual([[alone(line)], []]);
  });

  it('takes the place of its user’s password over SSH, and of nobody else’s', async () => {
    await users.set([1, ann], { password: 'correct horse' });
    const id = keys.add(ann, line);
    const withPassword = (): string[] => users.accounts().flatMap(({ name, password }) => (password === undefined ? [] : [name]));
    expect(withPassword()).toEqual(['admin']);
    expect(await users.authenticate('ann', 'correct horse')).toMatchObject({ name: 'ann' });
    keys.remove([id]);
    expect(withPassword()).toEqual(['admin', 'ann']);
  });

  it('is one of several, in the order of their adding', () => {
    keys.add(ann, other);
    keys.add(ann, line);
    expect(linesOf('ann')).toEqual([alone(other), alone(line)]);
  });

  it('is a user’s once, whatever stands behind it, and may be another’s too', () => {
    keys.add(ann, line);
    expect(() => keys.add(ann, `${alone(line)} else`)).toThrow(userError('exists'));
    keys.add(1, line);
    expect(keys.list().map(({ user }) => user)).toEqual(['ann', 'admin']);
  });

  it('follows its user’s name', async () => {
    keys.add(ann, line);
    await users.set([ann], { name: 'anna' });
    expect(keys.list().map(({ user }) => user)).toEqual(['anna']);
  });

  it('goes with its user, and no other does', () => {
    const id = keys.add(1, line);
    keys.add(ann, line);
    users.remove([ann]);
    expect(keys.list().map((key) => key.id)).toEqual([id]);
  });

  it('is taken away, and its id is not used again', () => {
    const id = keys.add(ann, line);
    keys.remove([id]);
    expect([linesOf('ann'), keys.withId(id)]).toEqual([[], undefined]);
    expect(keys.add(ann, line)).toBe(id + 1);
  });

  it('stays when another that is to go with it is not there', () => {
    const id = keys.add(ann, line);
    expect(() => keys.remove([id, id + 1])).toThrow(userError('no-such-item'));
    expect(linesOf('ann')).toEqual([alone(line)]);
  });

  it('is not one of more than a hundred', () => {
    const numbered = (n: number): string => {
      const bytes = new Uint8Array(51).fill(n, 19);
      bytes.set(utf8('\0\0\0\u000bssh-ed25519\0\0\0 '));
      return `ssh-ed25519 ${base64(bytes)}`;
    };
    for (let n = 0; n < 100; n++) keys.add(ann, numbered(n));
    expect(() => keys.add(ann, numbered(100))).toThrow(userError('too-many'));
    keys.add(1, numbered(100));
    expect(linesOf('ann')).toHaveLength(100);
  });

  it('needs a user who is there', () => {
    expect(() => keys.add(99, line)).toThrow(userError('no-such-item'));
  });
});

describe('a key in a file', () => {
  it('is imported with its info, and the file stays', async () => {
    await files.replace('ann.pub', utf8(line));
    await keys.importFile(ann, 'ann.pub');
    expect(keys.list()).toEqual([expect.objectContaining({ user: 'ann', info: 'ann@laptop', comment: '' })]);
    expect(linesOf('ann')).toEqual([alone(line)]);
    expect(await files.list()).toHaveLength(1);
  });

  it('gets the info that is given', async () => {
    await files.replace('ann.pub', utf8(line));
    await keys.importFile(ann, 'ann.pub', 'from the shop');
    expect(keys.list()).toEqual([expect.objectContaining({ info: 'from the shop' })]);
  });

  it.each([
    ['that is not there', undefined, undefined, { name: 'FileError', code: 'no-such-file' }],
    ['that is too long', utf8('x'.repeat(8193)), undefined, { name: 'FileError', code: 'too-large' }],
    ['that is no text', Uint8Array.of(0xff, 0xfe), undefined, { name: 'UserError', code: 'bad-key' }],
    ['with info that moves the cursor', utf8(line), '\u001b[A', { name: 'UserError', code: 'bad-key' }],
  ])('is refused of one %s', async (_, content, info, error) => {
    if (content !== undefined) await files.replace('ann.pub', content);
    await expect(keys.importFile(ann, 'ann.pub', info)).rejects.toThrow(expect.objectContaining(error));
    expect(keys.list()).toEqual([]);
  });
});

function userError(code: UserErrorCode): unknown {
  return expect.objectContaining({ name: 'UserError', code });
}
