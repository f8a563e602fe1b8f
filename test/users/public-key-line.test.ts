import { describe, expect, it } from 'vitest';
import { base64, fromBase64 } from '../../src/bytes/base64.ts';
import { concat } from '../../src/bytes/bytes.ts';
import { utf8 } from '../../src/bytes/utf8.ts';
import { NodeCrypto } from '../../src/platform/node/crypto.ts';
import { UserError } from '../../src/users/errors.ts';
import { fingerprintOf, type PublicKeyLine, parsePublicKey } from '../../src/users/public-key-line.ts';
import { sshFingerprints, sshKey } from '../judges/ssh-keygen.ts';
import { errorLike, survivors } from '../mutations.ts';

const field = (bytes: Uint8Array): Uint8Array => concat([Uint8Array.of(0, 0, bytes.length >> 8, bytes.length & 255), bytes]);
const number = (first: number, length: number, last = 1): Uint8Array => {
  const bytes = new Uint8Array(length).fill(0x55);
  bytes[0] = first;
  bytes[length - 1] = last;
  return bytes;
};
const lineOf = (name: string, fields: readonly Uint8Array[], info = ''): string =>
  `${name} ${base64(concat([field(utf8(name)), ...fields.map((each) => field(each))]))} ${info}`.trim();
const rsa = (exponent: Uint8Array, modulus: Uint8Array): string => lineOf('ssh-rsa', [exponent, modulus]);

const ed25519 = lineOf('ssh-ed25519', [new Uint8Array(32).fill(7)]);
const securityKey = lineOf('sk-ssh-ed25519@openssh.com', [new Uint8Array(32).fill(7), utf8('ssh:')], 'ann@laptop');
const exponent = Uint8Array.of(1, 0, 1);

/** As `ssh-keygen -l` shows it. */
const shown = (key: PublicKeyLine): string => `${key.bits} ${fingerprintOf(key, new NodeCrypto())} ${key.info} (${key.type.toUpperCase()})`;

/** What is still read of a line whose base 64 encodes something cut short, or with one bit turned over. */
function damaged(line: string): PublicKeyLine[] {
  const [name = '', digits = ''] = line.split(' ');
  const read = (bytes: Uint8Array): PublicKeyLine => parsePublicKey(`${name} ${base64(bytes)} x`);
  return survivors(fromBase64(digits) ?? new Uint8Array(), [UserError], read).map(({ value }) => value);
}

describe('a public key', () => {
  it.each([
    ['rsa', 1024],
    ['rsa', 3072],
    ['ecdsa', 256],
    ['ecdsa', 384],
    ['ecdsa', 521],
    ['ed25519', 256],
  ] as const)('of type %s and %i bits is what ssh-keygen makes of it', (type, bits) => {
    const line = sshKey(type, bits, 'Ann at home');
    const key = parsePublicKey(line);
    expect(key).toMatchObject({ type, bits, info: 'Ann at home' });
    expect(`${key.key} ${key.info}\n`).toBe(line);
    expect(sshFingerprints([line])).toEqual([shown(key)]);
  });

  it('may be that of a security key', () => {
    expect(sshFingerprints([securityKey])).toEqual([shown(parsePublicKey(securityKey))]);
  });

  it('needs no info, and may stand between comments, blank lines and ends of lines of other systems', () => {
    const { key, info } = parsePublicKey(`# of Ann\r\n\r\n  ${ed25519.replace(' ', '\t ')}  \r\n`);
    expect([key, info]).toEqual([ed25519, '']);
  });

  it.each([
    ['rsa', 1024],
    ['ed25519', 256],
  ] as const)('of type %s is never one that OpenSSH refuses or takes for another, however it was damaged', (type, bits) => {
    const keys = damaged(sshKey(type, bits, 'x'));
    expect(keys.length).toBeGreaterThan(0);
    expect(sshFingerprints(keys.map(({ key }) => `${key} x`))).toEqual(keys.map((key) => shown(key)));
  });

  it.each([256, 384, 521])('on a curve of %i bits is none any more with any bit turned over', (bits) => {
    expect(damaged(sshKey('ecdsa', bits, 'x'))).toEqual([]);
  });

  it.each([
    ['nothing', '', 'it is empty'],
    ['comments alone', '# a\n', 'it is empty'],
    ['two keys', `${ed25519}\n${ed25519}`, 'one line with one key'],
    ['a private key', '-----BEGIN OPENSSH PRIVATE KEY-----\nb3Bl\n-----END OPENSSH PRIVATE KEY-----\n', 'it is a private key'],
    ['PEM', '-----BEGIN PUBLIC KEY-----\nMCow\n-----END PUBLIC KEY-----\n', 'it is PEM'],
    ['options in front', `command="/bin/sh",no-pty ${ed25519}`, 'options in front'],
    ['an old type', `ssh-dss ${base64(utf8('x'))}`, 'expected one of the types'],
    ['a type alone', 'ssh-ed25519', 'expected one of the types'],
    ['the name of an inherited property', `constructor ${base64(utf8('x'))}`, 'expected one of the types'],
    ['base 64 without its end', ed25519.slice(0, -1), 'base 64'],
    ['base 64 of other digits', ed25519.replace('AAAA', 'AA_A'), 'base 64'],
    ['an escape sequence behind it', `${ed25519} \u001b[2J`, 'control characters'],
    ['a mark that turns text around', `${ed25519} \u202eann`, 'control characters'],
    ['a NUL', `${ed25519} a\0b`, 'control characters'],
    ['a key of another type', lineOf('ssh-ed25519', []).replace('ssh-ed25519', 'ssh-rsa'), 'of type ssh-rsa'],
    ['a field that is not there', lineOf('ssh-ed25519', []), 'its end is missing'],
    ['a field that is longer than the rest', `ssh-rsa ${base64(Uint8Array.of(255, 255, 255, 255, 1))}`, 'its end is missing'],
    ['something behind the last field', lineOf('ssh-ed25519', [new Uint8Array(32), utf8('x')]), 'behind its end'],
    ['a short key', lineOf('ssh-ed25519', [new Uint8Array(31)]), 'not as long'],
    ['a security key without an application', lineOf('sk-ssh-ed25519@openssh.com', [new Uint8Array(32), utf8('')]), 'no application'],
    ['a compressed point', lineOf('ecdsa-sha2-nistp256', [utf8('nistp256'), number(2, 33)]), 'not as long'],
    ['a point of another form', lineOf('ecdsa-sha2-nistp256', [utf8('nistp256'), number(6, 65)]), 'not as long'],
    ['a point beside its curve', lineOf('ecdsa-sha2-nistp256', [utf8('nistp256'), number(4, 65)]), 'not on the curve nistp256'],
    ['a point without end', lineOf('ecdsa-sha2-nistp256', [utf8('nistp256'), number(4, 65).fill(255, 1)]), 'not on the curve nistp256'],
    ['a point of another curve', lineOf('ecdsa-sha2-nistp256', [utf8('nistp384'), number(4, 97)]), 'not on the curve nistp256'],
    ['a modulus of 1023 bits', rsa(exponent, number(0x7f, 128)), 'it has 1023 bits'],
    ['a modulus of 16385 bits', rsa(exponent, number(1, 2049)), 'it has 16385 bits'],
    ['a negative modulus', rsa(exponent, number(0x80, 128)), 'not well-formed'],
    ['a modulus with a needless zero', rsa(exponent, number(0, 129)), 'not well-formed'],
    ['no modulus', rsa(exponent, new Uint8Array()), 'not well-formed'],
    ['an even modulus', rsa(exponent, number(0x55, 129, 2)), 'not those of an RSA key'],
    ['an exponent of 1', rsa(Uint8Array.of(1), number(0x7f, 256)), 'not those of an RSA key'],
    ['an even exponent', rsa(Uint8Array.of(4), number(0x7f, 256)), 'not those of an RSA key'],
    ['a long exponent', rsa(number(1, 9), number(0x7f, 256)), 'not those of an RSA key'],
    ['more than a key', `${ed25519} ${'x'.repeat(8192)}`, 'too long'],
  ])('is not to be had of %s', (_, text, message) => {
    expect(() => parsePublicKey(text)).toThrow(errorLike('UserError', 'bad-key', message));
  });
});
