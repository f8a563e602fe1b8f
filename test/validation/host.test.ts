import { describe, expect, test } from 'vitest';
import { checkHost } from '../../src/validation/host.ts';
import { readPathCertificate } from '../../src/validation/path-certificate.ts';
import { errorLike } from '../mutations.ts';
import { certifyServer, party } from './authorities.ts';

const root = party('Root');

async function check(alternativeNames: string | undefined, host: string): Promise<void> {
  const terms = alternativeNames === undefined ? { ca: true } : { alternativeNames };
  checkHost(readPathCertificate(await certifyServer(root, terms)), host);
}

describe('a certificate is for', () => {
  test.each([
    ['DNS:a.example', 'a.example', 'the name'],
    ['DNS:A.example', 'a.EXAMPLE', 'the name in any letter case'],
    ['DNS:a.example', 'a.example.', 'the name with the dot of the root'],
    ['DNS:*.example', 'a.example', 'one label for the wildcard'],
    ['DNS:xn--bcher-kva.example', 'xn--bcher-kva.example', 'an international name in its A-label form'],
    ['IP:192.0.2.1', '192.0.2.1', 'the IPv4 address'],
    ['IP:2001:db8::1', '2001:DB8:0::1', 'the IPv6 address however it is written'],
  ])('%s: %s (%s)', async (names, host) => {
    await expect(check(names, host)).resolves.toBeUndefined();
  });
});

describe('a certificate is not for', () => {
  test.each([
    ['DNS:a.example', 'b.example', 'another name'],
    ['DNS:a.example', 'a.a.example', 'a name below it'],
    ['DNS:*.example', 'a.b.example', 'two labels for the wildcard'],
    ['DNS:*.example', 'example', 'no label for the wildcard'],
    ['DNS:*.2.1', '192.0.2.1', 'an address that looks like a name'],
    ['DNS:192.0.2.1', '192.0.2.1', 'an address written as a name'],
    ['IP:192.0.2.1', '192.0.2.2', 'another address'],
    ['email:server@a.example', 'a.example', 'the host of a mailbox'],
    ['DNS:a.example', '*.example', 'a pattern'],
    ['DNS:a.example', '', 'nothing'],
    ['URI:https://server/', 'server', 'the common name and a URI'],
  ])('%s: "%s" (%s)', async (names, host) => {
    await expect(check(names, host)).rejects.toThrow(errorLike('ValidationError', 'host', `CN=server: subjectAltName: expected ${host}`));
  });
});
