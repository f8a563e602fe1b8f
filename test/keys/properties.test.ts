import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { concat } from '../../src/bytes/bytes.ts';
import { constructed, tags } from '../../src/der/tags.ts';
import { integer, octetString, sequence, unsignedInteger } from '../../src/der/writer.ts';
import { decryptPrivateKey, encryptPrivateKey } from '../../src/keys/encrypted.ts';
import { KeyError } from '../../src/keys/errors.ts';
import { encryptPbes2 } from '../../src/keys/pbes2.ts';
import { decodePkcs12, encodePkcs12, type Pkcs12 } from '../../src/keys/pkcs12.ts';
import { encodeCertBag, encodeShroudedKeyBag } from '../../src/keys/pkcs12-bag.ts';
import { encodeEncryptedPart, encodePfx, encodePlainPart } from '../../src/keys/pkcs12-content.ts';
import { encodeMac } from '../../src/keys/pkcs12-mac.ts';
import { decodePrivateKey, encodePrivateKey, toPkcs8 } from '../../src/keys/private-key.ts';
import { neverCancelled } from '../../src/platform/cancel.ts';
import { survivors } from '../mutations.ts';
import { crypto, encryptor } from './host.ts';
import { allKeyPairs, ecKeyPair, ed25519KeyPair } from './key-pairs.ts';

const pairs = allKeyPairs();
const { pkcs8 } = ecKeyPair('prime256v1');
const ed25519 = ed25519KeyPair();
const certificate = sequence(new Uint8Array(300).fill(0x42));

/** Any text at all, from any alphabet. */
const anyPassphrase = fc.string({ unit: 'binary', maxLength: 40 });

const decode = (file: Uint8Array, passphrase: string): Promise<Pkcs12> => decodePkcs12(file, passphrase, crypto, neverCancelled);

/** What comes out, or the name of the error. */
function outcome<T>(work: Promise<T>): Promise<T | string> {
  return work.catch((error: unknown) => (error instanceof Error ? error.name : String(error)));
}

/** A document with a piece of it replaced by other bytes. */
function spliced(document: Uint8Array): fc.Arbitrary<Uint8Array> {
  const place = fc.nat(document.length - 1);
  return fc
    .tuple(place, fc.nat(12), fc.uint8Array({ maxLength: 12 }))
    .map(([at, removed, added]) => concat([document.subarray(0, at), added, document.subarray(at + removed)]));
}

describe('private keys, whatever they are', () => {
  it('are written as they were read', () => {
    const parts = fc.array(fc.uint8Array({ minLength: 1, maxLength: 70 }), { minLength: 7, maxLength: 7 });
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 129, maxLength: 1024 }), parts, (modulus, others) => {
        const positive = [modulus, ...others].map((magnitude) => unsignedInteger(Uint8Array.of(1, ...magnitude.subarray(1))));
        const key = toPkcs8(sequence(integer(0), ...positive));
        expect(encodePrivateKey(decodePrivateKey(key))).toEqual(key);
      }),
    );
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (seed) => {
        const key = encodePrivateKey({ type: 'ed25519', seed });
        expect(decodePrivateKey(key)).toEqual({ type: 'ed25519', seed });
      }),
    );
    const curves = fc.constantFrom('prime256v1' as const, 'secp384r1' as const, 'secp521r1' as const);
    fc.assert(
      fc.property(
        curves,
        fc.uint8Array({ minLength: 1, maxLength: 32 }),
        fc.option(fc.uint8Array({ maxLength: 140 })),
        (curve, bytes, point) => {
          const scalar = Uint8Array.of(1, ...bytes.subarray(1));
          const ec = { curve, scalar, ...(point !== null && { point }) };
          expect(decodePrivateKey(encodePrivateKey({ type: 'ec', curve, ec }))).toEqual({ type: 'ec', curve, ec });
        },
      ),
    );
  });

  it.each(pairs.filter(({ name }) => name !== 'RSA-2048'))(
    'of $name are refused as a KeyError, or read as something that is written alike, when damaged',
    ({ pkcs8, traditional }) => {
      for (const valid of [pkcs8, traditional]) {
        for (const { value } of survivors(valid, [KeyError], toPkcs8)) expect(toPkcs8(value)).toEqual(value);
      }
    },
  );

  it('of any bytes at all are refused as a KeyError', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(() => toPkcs8(bytes)).toThrow(KeyError);
      }),
    );
  });
});

describe('passphrases, whatever they are', () => {
  it('open what they closed, and nothing else', async () => {
    await fc.assert(
      fc.asyncProperty(anyPassphrase, anyPassphrase, async (passphrase, another) => {
        fc.pre(Buffer.from(passphrase).toString() !== Buffer.from(another).toString());
        // HMAC fills its key up with zeros: nothing tells them from zeros that were typed.
        fc.pre(!passphrase.endsWith('\0') && !another.endsWith('\0'));
        const der = await encryptPrivateKey(ed25519.pkcs8, passphrase, encryptor, neverCancelled);
        expect(await decryptPrivateKey(der, passphrase, crypto, neverCancelled)).toEqual(ed25519.pkcs8);
        expect(await outcome(decryptPrivateKey(der, another, crypto, neverCancelled))).toBe('KeyError');
      }),
    );
  });

  it('open the PKCS#12 file they closed, with any friendly name', async () => {
    await fc.assert(
      fc.asyncProperty(anyPassphrase, fc.string({ unit: 'grapheme' }), async (passphrase, friendlyName) => {
        fc.pre(passphrase !== '' && !friendlyName.endsWith('\0'));
        const contents = { privateKey: pkcs8, certificate, chain: [], friendlyName };
        const file = await encodePkcs12(contents, passphrase, encryptor, neverCancelled);
        expect(await decode(file, passphrase)).toMatchObject({
          privateKeys: [{ pkcs8, friendlyName }],
          certificates: [{ der: certificate }],
        });
      }),
    );
  });
});

/** The same value in another form of BER: indefinite lengths where `choices` say so, strings in pieces, lengths with a zero before them. */
function berOf(der: Uint8Array, choices: () => boolean): Uint8Array {
  const [tag = 0, first = 0] = der;
  const start = first < 0x80 ? 2 : 2 + (first & 0x7f);
  const contents = der.subarray(start);
  if ((tag & constructed) !== 0) {
    const inner = elementsOf(contents).map((element) => berOf(element, choices));
    return choices() ? concat([Uint8Array.of(tag, 0x80), ...inner, Uint8Array.of(0, 0)]) : withLongLength(tag, concat(inner));
  }
  if (tag !== tags.octetString || !choices()) return choices() ? withLongLength(tag, contents) : der;
  const half = contents.length >> 1;
  const pieces = [octetString(contents.subarray(0, half)), berOf(octetString(contents.subarray(half)), () => false)];
  return concat([Uint8Array.of(tag | constructed, 0x80), ...pieces, Uint8Array.of(0, 0)]);
}

function elementsOf(contents: Uint8Array): Uint8Array[] {
  const elements: Uint8Array[] = [];
  for (let at = 0; at < contents.length; ) {
    const first = contents[at + 1] ?? 0;
    const count = first < 0x80 ? 0 : first & 0x7f;
    const octets = contents.subarray(at + 2, at + 2 + count);
    const length = first < 0x80 ? first : octets.reduce((sum, octet) => sum * 256 + octet, 0);
    elements.push(contents.subarray(at, at + 2 + count + length));
    at += 2 + count + length;
  }
  return elements;
}

function withLongLength(tag: number, contents: Uint8Array): Uint8Array {
  const { length } = contents;
  return concat([Uint8Array.of(tag, 0x84, length >> 24, length >> 16, length >> 8, length), contents]);
}

describe('PKCS#12 files, whatever their form', () => {
  it('hold the same in any BER', async () => {
    const contents = { privateKey: pkcs8, certificate, chain: [certificate], friendlyName: 'Ozols' };
    const file = await encodePkcs12(contents, 'secret', encryptor, neverCancelled);
    const expected = await decode(file, 'secret');
    await fc.assert(
      fc.asyncProperty(fc.infiniteStream(fc.boolean()), async (stream) => {
        const ber = berOf(file, () => stream.next().value === true);
        expect(await decode(ber, 'secret')).toEqual(expected);
      }),
    );
  });

  it('are refused as a KeyError, or read, when a piece of them is replaced', async () => {
    const contents = { privateKey: pkcs8, certificate, chain: [certificate], friendlyName: 'Ozols' };
    const file = await encodePkcs12(contents, 'secret', encryptor, neverCancelled);
    await fc.assert(
      fc.asyncProperty(spliced(file), async (bytes) => {
        expect(['KeyError', 'object']).toContain(kindOf(await outcome(decode(bytes, 'secret'))));
      }),
      { numRuns: 300 },
    );
  });

  it('are refused so though all is encrypted and authenticated as it should be', async () => {
    const encrypted = await encryptPrivateKey(pkcs8, 'secret', encryptor, neverCancelled);
    const inner = sequence(encodeCertBag(certificate, { friendlyName: 'Ozols' }), encodeShroudedKeyBag(encrypted, {}));
    await fc.assert(
      fc.asyncProperty(spliced(inner), fc.boolean(), async (safeContents, alsoPlain) => {
        const { algorithm, ciphertext } = await encryptPbes2(safeContents, 'secret', encryptor, neverCancelled);
        const parts = [encodeEncryptedPart(algorithm, ciphertext), ...(alsoPlain ? [encodePlainPart(safeContents)] : [])];
        const safe = sequence(...parts);
        const file = encodePfx(safe, await encodeMac(safe, 'secret', encryptor, neverCancelled));
        expect(['KeyError', 'object']).toContain(kindOf(await outcome(decode(file, 'secret'))));
      }),
      { numRuns: 300 },
    );
  });
});

function kindOf(answer: unknown): string {
  return typeof answer === 'string' ? answer : typeof answer;
}
