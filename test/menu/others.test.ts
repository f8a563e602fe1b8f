import { describe, expect, test } from 'vitest';
import { RouterConsole } from './router-console.ts';

describe('/file', () => {
  test('files are made, read, changed, copied, renamed and removed', async () => {
    const console = await RouterConsole.start();
    expect(await console.type('/file', 'add name=a.txt contents="one"', ':put [get a.txt contents]')).toEqual(['one']);
    await console.type('set a.txt contents=two', 'copy a.txt name=b/c.txt', 'set a.txt name=d.txt');
    expect(console.read('d.txt')).toBe('two');
    expect(console.read('b/c.txt')).toBe('two');
    expect(await console.type('remove d.txt', ':put [:len [find]]')).toEqual(['2']);
  });

  test('a name can not leave the folder', async () => {
    const console = await RouterConsole.start();
    for (const name of ['../x', '/etc/passwd', 'a/../../x', '..']) {
      await expect(console.type(`/file add name="${name}" contents=x`), name).rejects.toThrow(/^failure: /);
      await expect(console.type(`/certificate import file-name="${name}" passphrase=""`), name).rejects.toThrow(/^failure: /);
    }
  });

  test('Tab offers the files that are there now, wherever one is to be named', async () => {
    const console = await RouterConsole.start();
    console.write('answer.crt', 'x');
    console.write('other.backup', 'x');
    expect(await console.offered('/certificate import file-name=')).toEqual(['answer.crt', 'other.backup']);
    expect(await console.offered('/certificate sign-certificate-request file-name=a')).toEqual(['answer.crt']);
    expect(await console.offered('/system backup load name=o')).toEqual(['other.backup']);
    expect(await console.offered('/file remove an')).toEqual(['answer.crt']);
  });

  test('what is printed to a file obeys the same rules', async () => {
    const console = await RouterConsole.start();
    for (const name of ['../x', '/etc/passwd', 'a/../../x']) {
      await expect(console.type(`/certificate print file="${name}"`), name).rejects.toThrow(/^failure: bad file name/);
      await expect(console.type(`/system identity print file="${name}"`), name).rejects.toThrow(/^failure: bad file name/);
    }
    await console.type('/certificate print file=list', '/system identity print file=name');
    expect(console.read('name.txt')).toBe('  name: router\n');
    expect((await console.type('/log print')).join('\n')).toContain('admin ran /certificate/print file=list');
    console.policies = ['read'];
    await expect(console.type('/certificate print file=again')).rejects.toThrow('not enough permissions (9)');
    expect(await console.type('/file print count-only')).toEqual(['2']);
  });

  test('a name that is taken is refused', async () => {
    const console = await RouterConsole.start();
    await console.type('/file add name=a.txt contents=one');
    await expect(console.type('/file add name=a.txt contents=two')).rejects.toThrow('already exists');
    expect(console.read('a.txt')).toBe('one');
  });
});

describe('a file with a private key', () => {
  test('shows its contents to the policy sensitive alone', async () => {
    const console = await RouterConsole.start();
    await console.type(
      '/file',
      'add name=a.txt contents="-----BEGIN PRIVATE KEY-----"',
      'add name=b.txt contents=b',
      'add name=c.key contents=c',
    );
    expect(await console.type(':put [get a.txt contents]')).toEqual(['-----BEGIN PRIVATE KEY-----']);
    console.policies = ['read', 'write'];
    for (const name of ['a.txt', 'c.key']) await expect(console.type(`get ${name} contents`)).rejects.toThrow('not enough permissions (9)');
    expect(await console.type(':put [get b.txt contents]')).toEqual(['b']);
    expect((await console.type(':put [get c.key]')).join('')).not.toContain('contents');
  });
});

describe('/user', () => {
  test('a user is made with a group, and the last of full stays', async () => {
    const console = await RouterConsole.start();
    await console.type('/user', 'group add name=auditor policy=read,local', 'add name=eve group=auditor password=x comment="the auditor"');
    expect(await console.type(':put ([get eve group] . [get eve comment])')).toEqual(['auditorthe auditor']);
    await expect(console.type('remove admin')).rejects.toThrow('failure: at least one enabled user of group full must remain');
    await expect(console.type('group remove auditor')).rejects.toThrow(/^failure: /);
    expect(await console.type('disable eve', ':put [get eve disabled]')).toEqual(['true']);
  });

  test('says when somebody came to a console, and so does the log', async () => {
    const console = await RouterConsole.start();
    expect(await console.type(':put [/user get admin last-logged-in]')).toEqual(['']);
    const { access } = console.router;
    access.came(access.owner(), { via: 'local' })();
    expect(await console.type(':put [/user get admin last-logged-in]')).not.toEqual(['']);
    const log = (await console.type('/log print')).join('\n');
    expect(log).toContain('system,account,info user admin logged in via local');
    expect(log).toContain('user admin logged out via local');
  });

  test('needs the policy policy', async () => {
    const console = await RouterConsole.start();
    console.policies = ['read', 'write'];
    await expect(console.type('/user add name=eve group=full')).rejects.toThrow('not enough permissions (9)');
  });
});

describe('/system', () => {
  test('the identity is in the prompt at once', async () => {
    const console = await RouterConsole.start();
    await console.type('/system identity set name=edge-1');
    expect(console.router.identity()).toBe('edge-1');
    expect(await console.type('/system identity print')).toEqual(['  name: edge-1']);
  });

  test('a person is asked before a backup replaces everything', async () => {
    const console = await RouterConsole.start();
    console.answers = ['0123456789', '0123456789'];
    await console.type('/system backup save name=all', '/certificate add name=later');
    console.answers = ['0123456789', 'n'];
    await expect(console.type('/system backup load all.backup')).rejects.toThrow('nothing was changed');
    expect(console.questions.at(-1)).toBe('Everything in the store will be replaced by what all.backup holds. Go on? [y/N]: ');
    expect(await console.type(':put [:len [/certificate find]]')).toEqual(['1']);
    console.answers = ['0123456789', 'y'];
    await console.type('/system backup load all.backup');
    expect(await console.type(':put [:len [/certificate find]]')).toEqual(['0']);
  });

  test('a backup brings back what was removed, and takes away what came after', async () => {
    const console = await RouterConsole.start();
    await console.type('/certificate add name=ca common-name=ca key-size=prime256v1', '/certificate sign ca');
    await console.type(
      '/system backup save name=all password=0123456789',
      '/certificate remove ca',
      '/certificate add name=later common-name=x',
    );
    await expect(console.type('/system backup load all password=wrong')).rejects.toThrow(/^failure: /);
    expect(await console.type(':put [:len [/certificate find name=later]]')).toEqual(['1']);
    await console.type('/system backup load all password=0123456789');
    expect(await console.type(':put [/certificate get [/certificate find] private-key]')).toEqual(['true']);
  });
});

describe('/system/clock', () => {
  test('set needs a value to set', async () => {
    const console = await RouterConsole.start();
    await expect(console.type('/system clock set')).rejects.toThrow('failure: expected date= or time=');
  });
});
