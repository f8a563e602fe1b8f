import { describe, expect } from 'vitest';
import { JudgeRefused, run, testWith } from '../judges/run.ts';
import { acceptedByOpenssl, Guest } from './guest.ts';

// The crate as a static program. `-cpu 24Kc` has no floating-point unit: one of its instructions would be SIGILL.
describe.each([
  { target: 'mipsel-unknown-linux-musl', command: 'qemu-mipsel' },
  { target: 'aarch64-unknown-linux-musl', command: 'qemu-aarch64' },
] as const)('the static program for $target', ({ target, command }) => {
  const emulated = testWith(command, 'openssl', 'readelf');
  const guest = new Guest(target);
  const program = 'signet-keygen';

  emulated.each([
    { args: ['rsa', '2048'], described: 'Private-Key: (2048 bit, 2 primes)' },
    { args: ['ec', 'prime256v1'], described: 'ASN1 OID: prime256v1' },
    { args: ['ec', 'secp384r1'], described: 'ASN1 OID: secp384r1' },
    { args: ['ec', 'secp521r1'], described: 'ASN1 OID: secp521r1' },
    { args: ['ed25519'], described: 'ED25519 Private-Key:' },
  ])('makes a key by $args that OpenSSL accepts', ({ args, described }) => {
    expect(acceptedByOpenssl(guest.run(guest.built(program), args).text)).toContain(described);
  });

  emulated('says which sizes there are', () => {
    expect(() => guest.run(guest.built(program), ['rsa', '1023'])).toThrow(JudgeRefused);
    expect(() => guest.run(guest.built(program), ['rsa', '1023'])).toThrow(
      'an RSA key has 1024 to 8192 bits, a multiple of 128; 1023 is not',
    );
  });

  emulated('needs no shared library', () => {
    expect(run('readelf', ['-d', guest.built(program)]).text).toContain('There is no dynamic section');
  });
});

testWith('readelf')('the static program for mipsel leaves the floating-point unit alone', () => {
  const guest = new Guest('mipsel-unknown-linux-musl');
  expect(run('readelf', ['-A', guest.built('signet-keygen')]).text).toContain('FP ABI: Soft float');
});
