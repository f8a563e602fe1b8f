import { describe, expect, test } from 'vitest';
import { RouterConsole } from './router-console.ts';

async function withCertificates(): Promise<RouterConsole> {
  const console = await RouterConsole.start();
  await console.type(
    '/certificate add name=ca common-name=ca key-usage=key-cert-sign,crl-sign key-size=prime256v1',
    '/certificate sign ca',
    '/certificate add name=web common-name=web key-usage=digital-signature,tls-server key-size=prime256v1',
    '/certificate sign web ca=ca',
  );
  return console;
}

describe('/ip/service', () => {
  test('lists what listens on a new router, and what could', async () => {
    const console = await RouterConsole.start();
    expect(await console.type('/ip/service print')).toEqual([
      'Flags: X - DISABLED',
      'Columns: NAME, PORT, CERTIFICATE, TLS-VERSION, MAX-SESSIONS',
      '#   NAME     PORT  CERTIFICATE  TLS-VERSION  MAX-SESSIONS',
      '0   www      80                              100',
      '1 X www-ssl  443   none         any          100',
      '2 X api      8728                            100',
      '3 X api-ssl  8729  none         any          100',
    ]);
  });

  test('set changes what it is given, and reset takes it back', async () => {
    const console = await withCertificates();
    await console.type(
      '/ip/service',
      'set www-ssl certificate=web port=8443 disabled=no address=192.168.88.0/24,2001:db8::1 tls-version=only-1.2',
    );
    expect(await console.type('print detail where name=www-ssl')).toEqual([
      'Flags: X - DISABLED; I - INVALID',
      ' 1     name="www-ssl" port=8443 address=192.168.88.0/24,2001:db8::1 certificate=web tls-version=only-1.2 max-sessions=100',
    ]);
    await console.type('/certificate set web name=portal', '/ip/service reset www-ssl port address');
    expect(await console.type(':put "$[get www-ssl certificate] $[get www-ssl port] <$[get www-ssl address]>"')).toEqual(['portal 443 <>']);
    await console.type('/certificate remove portal');
    expect(await console.type(':put [get www-ssl certificate]')).toEqual(['none']);
  });

  test('an address is written as it is compared', async () => {
    const console = await RouterConsole.start();
    await console.type('/ip/service set www address=10.1.2.3/8,2001:DB8:0::/32');
    expect(await console.type(':put [/ip/service get www address]')).toEqual(['10.0.0.0/8,2001:db8::/32']);
  });

  test.each([
    ['set www port=0', 'invalid value for argument port'],
    ['set www port=65536', 'invalid value for argument port'],
    ['set www address=192.168.88.0/33', 'failure: address: expected addresses with or without a prefix, as 192.168.88.0/24'],
    ['set www address=router.lan', 'failure: address: expected addresses with or without a prefix, as 192.168.88.0/24'],
    ['set www certificate=web', 'failure: www speaks no TLS: it has no certificate and no tls-version'],
    ['set www-ssl certificate=nobody', 'input does not match any value of certificate'],
    ['set www-ssl tls-version=1.0', 'input does not match any value of tls-version'],
    ['set telnet port=23', 'no such item'],
    ['enable api', 'failure: api is not served yet: this version has no binary API'],
    ['set www,api disabled=no port=81', 'failure: api is not served yet: this version has no binary API'],
  ])('%s is refused: %s', async (line, message) => {
    const console = await withCertificates();
    await console.type('/ip/service');
    const before = await console.type('print detail');
    await expect(console.type(line)).rejects.toThrow(message);
    expect(await console.type('print detail')).toEqual(before);
  });

  test('a certificate without its private key is none to be shown', async () => {
    const console = await withCertificates();
    await console.type(
      '/certificate export-certificate web file-name=web',
      '/certificate remove ca',
      '/certificate import file-name=web.crt passphrase="" name=web',
    );
    await expect(console.type('/ip/service set www-ssl certificate=web')).rejects.toThrow(
      'failure: web has no private key on this router: a service can not show it',
    );
  });

  test('is for who may write', async () => {
    const console = await RouterConsole.start();
    console.policies = ['read'];
    for (const line of ['set www port=81', 'disable www', 'reset www port', 'webserver set crl-plain=no']) {
      await expect(console.type(`/ip/service ${line}`), line).rejects.toThrow('not enough permissions (9)');
    }
  });
});

describe('/ip/service/webserver', () => {
  test('has switches', async () => {
    const console = await RouterConsole.start();
    expect(await console.type('/ip/service/webserver', 'print')).toEqual(['    crl-plain: yes', '   rest-plain: no', '  rest-secure: yes']);
    await console.type('set crl-plain=no rest-plain=yes');
    expect(await console.type(':put "$[get crl-plain] $[get rest-plain]"')).toEqual(['false true']);
    await console.type('reset crl-plain');
    expect(await console.type('print')).toEqual(['    crl-plain: yes', '   rest-plain: yes', '  rest-secure: yes']);
  });
});
