import { describe, expect, test } from 'vitest';
import { DerError } from '../../src/der/errors.ts';
import { oids } from '../../src/der/oids.ts';
import {
  bitString,
  ia5String,
  implicit,
  integer,
  nullValue,
  oid,
  printableString,
  sequence,
  setOf,
  utf8String,
} from '../../src/der/writer.ts';
import { X509Error } from '../../src/x509/errors.ts';
import { encodeExtensions, encodeSubjectAltName } from '../../src/x509/extensions.ts';
import { parseAltNames } from '../../src/x509/general-names.ts';
import { nameOf } from '../../src/x509/name.ts';
import { decodeRequest, signRequest, verifyRequest } from '../../src/x509/request.ts';
import { bytes, flipped } from '../bytes.ts';
import { errorLike, survivors, unnoticed } from '../mutations.ts';
import { crypto, newHolder, repeating } from './samples.ts';

const holder = newHolder('prime256v1');
const wanted = {
  subject: nameOf({ country: 'LV', commonName: 'router' }),
  publicKey: holder.key.publicKey,
  requestedExtensions: [encodeSubjectAltName(parseAltNames('DNS:router.a.example,IP:192.0.2.1'))],
  challengePassword: 'secret',
};
const request = await signRequest(wanted, holder.signer);

describe('a request', () => {
  test('asks for what it was made with and keeps its bytes', () => {
    expect(request).toMatchObject(wanted);
    expect(request.attributes.map(({ type }) => type)).toEqual([oids.challengePassword, oids.extensionRequest]);
    expect(decodeRequest(request.der)).toEqual(request);
  });

  test('without extensions and password has an empty set of attributes', async () => {
    const bare = await signRequest({ ...wanted, requestedExtensions: [] }, holder.signer);
    const { challengePassword: _, ...rest } = wanted;
    const barest = await signRequest({ ...rest, requestedExtensions: [] }, holder.signer);
    expect(bare.attributes).toHaveLength(1);
    expect(barest.attributes).toEqual([]);
    expect(barest.challengePassword).toBeUndefined();
    expect(barest.tbs.subarray(-2)).toEqual(bytes('a000'));
  });

  test('has its password as PrintableString where that can hold it, else as UTF8String (RFC 2985 5.4.1)', async () => {
    const other = await signRequest({ ...wanted, challengePassword: 'sécret_1' }, holder.signer);
    expect(request.attributes[0]?.values).toEqual([printableString('secret')]);
    expect(other.attributes.map(({ values }) => values)).toContainEqual([utf8String('sécret_1')]);
    expect(other.challengePassword).toBe('sécret_1');
  });

  test.each(['rsa-2048', 'secp384r1', 'secp521r1', 'ed25519'] as const)('proves that its key of %s is held', async (type) => {
    const other = newHolder(type);
    const made = await signRequest({ ...wanted, publicKey: other.key.publicKey }, other.signer);
    expect(await verifyRequest(made, crypto)).toBe(true);
    expect(await verifyRequest({ ...made, signature: flipped(made.signature, 9) }, crypto)).toBe(false);
  });

  test('for a key that somebody else holds does not verify', async () => {
    const made = await signRequest({ ...wanted, publicKey: newHolder('prime256v1').key.publicKey }, holder.signer);
    expect(await verifyRequest(made, crypto)).toBe(false);
  });

  test('asks for an extension but once', async () => {
    const twice = [...wanted.requestedExtensions, ...wanted.requestedExtensions];
    await expect(signRequest({ ...wanted, requestedExtensions: twice }, holder.signer)).rejects.toThrow(
      errorLike('X509Error', 'extension', /^extensionRequest: expected each once, found 2.5.29.17 twice$/),
    );
  });
});

const algorithm = sequence(oid(oids.ecdsaWithSHA256));

function requestOf(attributes: readonly Uint8Array[], version = integer(0)): Uint8Array {
  const info = sequence(version, sequence(), holder.key.publicKey, ...attributes);
  return sequence(info, algorithm, bitString(bytes('00')));
}

function attributesOf(...attributes: [string, ...Uint8Array[]][]): Uint8Array {
  return implicit(0, setOf(attributes.map(([type, ...values]) => sequence(oid(type), setOf(values)))));
}

describe('requests of others', () => {
  const requestedExtensions = encodeExtensions(wanted.requestedExtensions);

  test.each([
    ['no attributes at all', requestOf([]), { attributes: [], requestedExtensions: [] }],
    [
      "Microsoft's name for the extensions",
      requestOf([attributesOf([oids.certificateExtensions, requestedExtensions])]),
      { requestedExtensions: wanted.requestedExtensions },
    ],
    [
      'attributes not known here',
      requestOf([attributesOf(['1.2.3', nullValue, integer(1)])]),
      { attributes: [{ type: '1.2.3', values: [integer(1), nullValue] }] },
    ],
    [
      'an attribute without a value',
      requestOf([attributesOf([oids.challengePassword])]),
      { attributes: [{ type: oids.challengePassword, values: [] }] },
    ],
    ['a password of IA5String', requestOf([attributesOf([oids.challengePassword, ia5String('a@b')])]), { challengePassword: 'a@b' }],
  ])('%s', (_, der, expected) => {
    expect(decodeRequest(der)).toMatchObject(expected);
  });

  test.each([
    ['nothing', bytes(''), 'DerError', 'truncated', /^request: expected SEQUENCE, found the end$/],
    ['more than 64 KiB', new Uint8Array(65_537), 'DerError', 'size', /^request: expected at most 65536 bytes/],
    ['another version', requestOf([], integer(1)), 'X509Error', 'version', /^request version: expected 1$/],
    [
      'two passwords',
      requestOf([attributesOf([oids.challengePassword, utf8String('a'), utf8String('b')])]),
      'X509Error',
      'extension',
      /^request challengePassword: expected one value, found 2$/,
    ],
    [
      'the password twice',
      requestOf([attributesOf([oids.challengePassword, utf8String('a')], [oids.challengePassword, utf8String('b')])]),
      'X509Error',
      'extension',
      /found 2$/,
    ],
    [
      'a password that is a number',
      requestOf([attributesOf([oids.challengePassword, integer(1)])]),
      'DerError',
      'tag',
      /^request challengePassword: expected a string, found INTEGER$/,
    ],
    [
      'extensions that are none',
      requestOf([attributesOf([oids.extensionRequest, integer(1)])]),
      'DerError',
      'tag',
      /^request extensionRequest: expected SEQUENCE, found INTEGER$/,
    ],
    ['a certificate', bytes('3000'), 'DerError', 'truncated', /^request certificationRequestInfo/],
  ])('%s is refused', (_, der, name, code, message) => {
    expect(() => decodeRequest(der)).toThrow(errorLike(name, code, message));
  });
});

test('encode(decode(bytes)) = bytes', async () => {
  expect((await signRequest(decodeRequest(request.der), repeating(request))).der).toEqual(request.der);
});

test('cut short or with a bit turned over, it is refused or differs in what is signed or in the signature', () => {
  const found = survivors(request.der, [DerError, X509Error], decodeRequest);
  expect(found.length).toBeGreaterThan(500);
  expect(unnoticed(request, found)).toEqual([]);
});
