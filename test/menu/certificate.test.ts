import { describe, expect, test } from 'vitest';
import { RouterConsole } from './router-console.ts';

/** A CA, and a server certificate of it. */
async function withCa(): Promise<RouterConsole> {
  const console = await RouterConsole.start();
  await console.type(
    '/certificate',
    'add name=ca common-name=ca key-size=prime256v1 key-usage=key-cert-sign,crl-sign',
    'sign ca',
    'add name=www common-name=www subject-alt-name=DNS:www.example.com,IP:2001:db8::1 key-size=prime256v1 key-usage=tls-server',
    'sign www ca=ca',
  );
  return console;
}

describe('templates', () => {
  test('add gives the id of the template, which stays when it is signed', async () => {
    const console = await RouterConsole.start();
    expect(await console.type('/certificate', ':put [add name=a common-name=a key-size=prime256v1]')).toEqual(['*1']);
    expect(await console.type('sign a', ':put [find name=a]')).toEqual(['*1']);
  });

  test('set changes what a template says, unset takes it back', async () => {
    const console = await RouterConsole.start();
    await console.type('/certificate', 'add name=a common-name=a', 'set a country=LV days-valid=10');
    expect(await console.type(':put ([get a country] . [get a days-valid])')).toEqual(['LV10']);
    expect(await console.type('unset a country', 'reset a days-valid', ':put ([get a country] . [get a days-valid])')).toEqual(['365']);
  });

  test('key-usage comes back in the order of RouterOS, not the order typed', async () => {
    const console = await RouterConsole.start();
    const shown = await console.type(
      '/certificate',
      'add name=a key-usage=tls-client,crl-sign,digital-signature',
      ':put [get a key-usage]',
    );
    expect(shown).toEqual(['digital-signature;crl-sign;tls-client']);
  });

  test('a wrong value names its argument and makes nothing', async () => {
    const console = await RouterConsole.start();
    await expect(console.type('/certificate', 'add name=a key-size=2000')).rejects.toThrow('input does not match any value of key-size');
    await expect(console.type('add name=a days-valid=0')).rejects.toThrow('invalid value for argument days-valid');
    expect(await console.type(':put [:len [find]]')).toEqual(['0']);
  });
});

describe('what find and where can ask', () => {
  test('a print in the order of any property, or counted, or of what its columns do not show', async () => {
    const console = await withCa();
    for (const name of ['name', 'common-name', 'issuer', 'serial-number', 'key-size', 'invalid-after', 'trusted']) {
      expect(await console.type(`:put [print count-only order-by=${name}]`), name).toEqual(['2']);
      expect((await console.type(`print order-by=${name}`)).join('\n'), name).toContain('www.example.com');
      expect((await console.type(`print proplist=name order-by=${name}`)).join('\n'), name).toContain('www');
      expect((await console.type(`print brief proplist=name,${name}`)).join('\n'), name).toContain('www');
      expect(await console.type(`:put [:len [print as-value proplist=${name}]]`), name).toEqual(['2']);
    }
  });

  test('flags are yes or no, times compare, what is not set is nothing', async () => {
    const console = await withCa();
    const found = async (condition: string): Promise<string[]> =>
      console.type(`:local names ""; :foreach i in=[find where ${condition}] do={:set names ($names . [get $i name] . " ")}; :put $names`);
    expect(await found('issued')).toEqual(['www']);
    expect(await found('private-key and !issued')).toEqual(['ca']);
    expect(await found('expires-after<53w')).toEqual(['ca www']);
    expect(await found('subject-alt-name~"example"')).toEqual(['www']);
    expect(await found('ca="ca"')).toEqual(['www']);
    expect(await found('!revoked')).toEqual(['ca www']);
    expect(await found('scep-url=[]')).toEqual(['ca www']);
  });
});

describe('revoked, a flag and the date of it', () => {
  test.each([
    ['revoked', 'www'],
    ['!revoked', 'ca'],
    ['revoked~"^20"', 'www'],
    ['revoked=yes', 'www'],
    ['revoked=true', 'www'],
    ['revoked!=no', 'www'],
    ['revoked=no', 'ca'],
    ['revoked!=yes', 'ca'],
    ['revoked=false', 'ca'],
    ['(revoked=$asked)', 'www'],
    ['revoked=[get www revoked]', 'www'],
    ['revoked=[]', 'ca'],
  ])('%s finds %s', async (condition, name) => {
    const console = await withCa();
    await console.type('issued-revoke www');
    const program = `:local asked yes; :put [get [find where ${condition}] name]; :put [print count-only where ${condition}]`;
    expect(await console.type(program)).toEqual([name, '1']);
  });

  test('a variable of that name is the variable', async () => {
    const console = await withCa();
    expect(await console.type(':local revoked no; :put [print count-only where $revoked=no]')).toEqual(['2']);
    expect(await console.type(':local revoked yes; :put [print count-only where $revoked=no]')).toEqual(['0']);
  });
});

describe('a property that is a list', () => {
  test('is an array for scripts, as in RouterOS, and has commas in print', async () => {
    const console = await RouterConsole.start();
    await console.type('/certificate', 'add name=a subject-alt-name=DNS:a.example,IP:2001:db8::1 key-usage=tls-server,tls-client');
    expect(await console.type(':foreach each in=[get a subject-alt-name] do={ :put $each }')).toEqual(['DNS:a.example', 'IP:2001:db8::1']);
    expect(await console.type(':put [:typeof ([get a]->"key-usage")]')).toEqual(['array']);
    expect(await console.type(':put [:len [find key-usage=tls-server,tls-client]]')).toEqual(['1']);
    expect((await console.type('print value-list proplist=key-usage')).join('\n')).toContain('key-usage: tls-server,tls-client');
    await console.type('add name=b subject-alt-name=[get a subject-alt-name]');
    expect(await console.type(':put ([get a subject-alt-name] = [get b subject-alt-name])')).toEqual(['true']);
  });
});

describe('removing a CA', () => {
  test('asks a person, who may say no', async () => {
    const console = await withCa();
    console.answers = ['n'];
    await expect(console.type('remove ca')).rejects.toThrow('nothing was changed');
    expect(console.questions).toEqual(['1 more certificate issued below will be removed too. Go on? [y/N]: ']);
    expect(await console.type(':put [:len [find]]')).toEqual(['2']);
  });

  test('takes its chain along', async () => {
    const console = await withCa();
    console.answers = ['y'];
    expect(await console.type('remove ca', ':put [:len [find]]')).toEqual(['0']);
  });

  test('does not ask for an item by itself, nor in a script', async () => {
    const console = await withCa();
    console.answers = [];
    await console.type('remove www');
    expect(console.questions).toEqual([]);
    console.answers = undefined;
    expect(await console.type('remove ca', ':put [:len [find]]')).toEqual(['0']);
  });
});

describe('requests', () => {
  test('passphrases that are not given are asked for, the new one twice', async () => {
    const console = await RouterConsole.start();
    console.answers = ['0123456789', '0123456789', ''];
    await console.type('/certificate', 'add name=a common-name=a key-size=prime256v1', 'create-certificate-request a');
    expect(console.questions).toEqual(['key-passphrase: ', 'verify key-passphrase: ', 'challenge-passphrase: ']);
    expect(console.read('certificate-request.pem')).toContain('BEGIN CERTIFICATE REQUEST');
    expect(console.read('certificate-request_key.pem')).toContain('BEGIN ENCRYPTED PRIVATE KEY');
    expect(console.modeOf('certificate-request_key.pem')).toBe(0o600);
    expect(await console.type(':put [:len [find]]')).toEqual(['0']);
  });

  test('two passphrases that differ make nothing', async () => {
    const console = await RouterConsole.start();
    console.answers = ['0123456789', '012345678'];
    await console.type('/certificate', 'add name=a common-name=a key-size=prime256v1');
    await expect(console.type('create-certificate-request a')).rejects.toThrow('failure: key-passphrase: the two are not the same');
    expect(await console.type(':put [:len [find]]')).toEqual(['1']);
  });

  test('a script has to give the passphrase', async () => {
    const console = await RouterConsole.start();
    await console.type('/certificate', 'add name=a common-name=a key-size=prime256v1');
    await expect(console.type('create-certificate-request a')).rejects.toThrow('missing value(s) of argument(s) key-passphrase');
  });

  test('a request made here is signed here', async () => {
    const console = await withCa();
    await console.type('add name=b common-name=b key-size=prime256v1', 'create-certificate-request b key-passphrase=""');
    expect(await console.type('sign-certificate-request file-name=certificate-request.pem ca=ca days-valid=30')).toEqual([
      '  progress: done, issued_1',
    ]);
    expect(await console.type(':put ([get issued_1 common-name] . [get issued_1 days-valid])')).toEqual(['b30']);
  });
});

describe('export and import', () => {
  test('a certificate comes back with its key', async () => {
    const console = await withCa();
    const shown = await console.type(
      'export-certificate www type=pkcs12 export-passphrase=0123456789',
      'remove ca',
      'import file-name=cert_export_www.p12 passphrase=0123456789',
    );
    expect(shown.map((line) => line.trim())).toEqual([
      'certificates-imported: 2',
      'private-keys-imported: 1',
      'files-imported: 1',
      'decryption-failures: 0',
      'keys-with-no-certificate: 0',
    ]);
    expect(await console.type(':put [get cert_export_www.p12_0 private-key]')).toEqual(['true']);
  });

  test('import asks for the passphrase', async () => {
    const console = await withCa();
    await console.type(
      'export-certificate www export-passphrase=0123456789',
      'remove www',
      'import file-name=cert_export_www.crt name=w passphrase=""',
    );
    console.answers = ['0123456789'];
    await console.type('import file-name=cert_export_www.key');
    expect(console.questions).toEqual(['passphrase: ']);
    expect(await console.type(':put [get w private-key]')).toEqual(['true']);
  });

  test.each(['read', 'write', 'sensitive'] as const)('exporting needs the policy %s', async (missing) => {
    const console = await withCa();
    console.policies = (['read', 'write', 'sensitive'] as const).filter((policy) => policy !== missing);
    await expect(console.type('export-certificate ca')).rejects.toThrow('not enough permissions (9)');
  });

  test('changing anything needs the policy write', async () => {
    const console = await withCa();
    console.policies = ['local', 'read'];
    for (const line of [
      'add name=x',
      'set ca name=x',
      'remove www',
      'sign ca',
      'issued-revoke www',
      'import file-name=x',
      '/file add name=x',
      '/log info x',
    ]) {
      await expect(console.type(line), line).rejects.toThrow('not enough permissions (9)');
    }
    expect(await console.type(':put [:len [find]]')).toEqual(['2']);
  });
});

describe('audit', () => {
  test('says who did what, without secrets', async () => {
    const console = await withCa();
    await console.type('export-certificate www export-passphrase=hunter2hunter2');
    const log = (await console.type('/log print detail')).join(' ');
    expect(log).toContain('admin ran /certificate/export-certificate numbers=www export-passphrase=');
    expect(log).not.toContain('hunter2');
  });
});
