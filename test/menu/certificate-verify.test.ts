import { expect, test } from 'vitest';
import { RouterConsole } from './router-console.ts';

async function withServer(): Promise<RouterConsole> {
  const console = await RouterConsole.start();
  await console.type(
    '/certificate',
    'add name=ca common-name=ca key-size=prime256v1 key-usage=key-cert-sign,crl-sign trusted=yes',
    'sign ca',
    'add name=www common-name=www subject-alt-name=DNS:www.example.com key-size=prime256v1 key-usage=tls-server',
    'sign www ca=ca',
  );
  return console;
}

test('verify shows the chain, the certificate first', async () => {
  const console = await withServer();
  const shown = (await console.type('verify www purpose=tls-server host=www.example.com')).join('\n');
  expect(shown).toMatch(/^Flags: T - TRUSTED/);
  expect(shown.replaceAll(/\s+/g, ' ')).toMatch(
    / 0 name="www" subject="CN=www" fingerprint="[0-9a-f]{64}" invalid-after=\d{4}-\d\d-\d\d [\d:]{8} 1 T name="ca" subject="CN=ca" fingerprint="[0-9a-f]{64}"/,
  );
});

test('a script gets the chain as maps', async () => {
  const console = await withServer();
  expect(await console.type(':foreach link in=[verify www as-value] do={ :put ($link->"subject") }')).toEqual(['CN=www', 'CN=ca']);
});

test('verify fails with the reason', async () => {
  const console = await withServer();
  await expect(console.type('verify www host=www.example.org')).rejects.toThrow('CN=www: subjectAltName: expected www.example.org');
  await expect(console.type('verify www at=2020-01-01')).rejects.toThrow('CN=www: notBefore: not valid yet');
  await expect(console.type('verify www at="2020-01-01 25:00:00"')).rejects.toThrow('failure: at: time must be in the form 20:14:03');
  await expect(console.type('verify www purpose=crl-sign')).rejects.toThrow('input does not match any value of purpose');
});
