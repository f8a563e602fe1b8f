import { describe, expect, test } from 'vitest';
import { sshFingerprints, sshKey } from '../judges/ssh-keygen.ts';
import { RouterConsole } from './router-console.ts';

const line = sshKey('ed25519', 256, 'john laptop').trim();
const other = sshKey('rsa', 1024, '').trim();

/** A console of a router whose users are admin and john. */
async function withJohn(): Promise<RouterConsole> {
  const console = await RouterConsole.start();
  await console.type('/user add name=john group=read');
  return console;
}

describe('/user/ssh-keys', () => {
  test('print has the columns of RouterOS', async () => {
    const console = await withJohn();
    console.write('mykey.pub', `${line}\n`);
    await console.type('/user/ssh-keys', 'import public-key-file=mykey.pub user=john info="john desk"', `add user=john key="${other}"`);
    expect(await console.type('print')).toEqual([
      'Columns: USER, KEY-TYPE, BITS, INFO',
      '#  USER  KEY-TYPE  BITS  INFO',
      '0  john  ed25519   256   john desk',
      '1  john  rsa       1024',
    ]);
    expect(await console.type(':put [get [find key-type=ed25519] fingerprint]')).toEqual([sshFingerprints([line])[0]?.split(' ')[1]]);
  });

  test('a key is added, copied for another user, and removed', async () => {
    const console = await withJohn();
    await console.type('/user/ssh-keys', `add user=john key="${line}" comment=small`, 'print', 'add user=admin copy-from=0');
    expect(await console.type(':foreach k in=[find] do={ :put ([get $k user] . ":" . [get $k info] . ":" . [get $k comment]) }')).toEqual([
      'john:john laptop:small',
      'admin:john laptop:small',
    ]);
    await console.type('remove [find user=john]');
    expect(await console.type('print count-only')).toEqual(['1']);
    expect((await console.type('/log print')).join('\n')).toContain('admin ran /user/ssh-keys/remove');
  });

  test('what is missing is named', async () => {
    const console = await withJohn();
    await expect(console.type('/user/ssh-keys add user=john')).rejects.toThrow('missing value(s) of argument(s) key');
    await expect(console.type(`/user/ssh-keys add key="${line}"`)).rejects.toThrow('missing value(s) of argument(s) user');
    await expect(console.type('/user/ssh-keys import user=john')).rejects.toThrow('missing value(s) of argument(s) public-key-file');
    await expect(console.type(`/user/ssh-keys add user=eve key="${line}"`)).rejects.toThrow('input does not match any value of user');
    await expect(console.type('/user/ssh-keys add user=john key=x')).rejects.toThrow(/^failure: bad key: /);
  });

  test('Tab offers users and files', async () => {
    const console = await withJohn();
    console.write('mykey.pub', line);
    expect(await console.offered('/user/ssh-keys import user=')).toEqual(['admin', 'john']);
    expect(await console.offered('/user/ssh-keys import public-key-file=')).toEqual(['mykey.pub']);
  });

  test('needs the policy policy', async () => {
    const console = await withJohn();
    await console.type(`/user/ssh-keys add user=admin key="${line}"`);
    console.policies = ['read', 'write'];
    for (const command of [`add user=john key="${line}"`, 'remove [find]'])
      await expect(console.type(`/user/ssh-keys ${command}`), command).rejects.toThrow('not enough permissions (9)');
    expect(await console.type('/user/ssh-keys print count-only')).toEqual(['1']);
  });

  test('a backup brings keys back', async () => {
    const console = await withJohn();
    await console.type(
      `/user/ssh-keys add user=john key="${line}"`,
      '/system backup save name=all password=0123456789',
      '/user remove john',
    );
    expect(await console.type('/user/ssh-keys print count-only')).toEqual(['0']);
    await console.type('/system backup load all password=0123456789');
    expect(console.router.accounts.list().find(({ name }) => name === 'john')?.keys).toEqual([line.split(' ').slice(0, 2).join(' ')]);
  });
});
