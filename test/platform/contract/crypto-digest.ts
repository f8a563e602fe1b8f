import { describe, expect, it } from 'vitest';
import { hex } from '../../../src/bytes/hex.ts';
import { utf8 } from '../../../src/bytes/utf8.ts';
import { Cancelled, CancelSource, neverCancelled } from '../../../src/platform/cancel.ts';
import type { Crypto } from '../../../src/platform/crypto.ts';
import { bytes } from '../../bytes.ts';

// "abc" of RFC 1321 A.5, FIPS 180-2 and RFC 3874; "Jefe" of RFC 2202 and RFC 4231 (SHA-1's and MD5's too).
const vectors = [
  ['md5', '900150983cd24fb0d6963f7d28e17f72', '750c783e6ab0b503eaa86e310a5db738'],
  ['sha1', 'a9993e364706816aba3e25717850c26c9cd0d89d', 'effcdf6ae5eb2fa2d27416d5f184df9c259a7c79'],
  ['sha224', '23097d223405d8228642a477bda255b32aadbce4bda0b3f7e36c9da7', 'a30e01098bc6dbbf45690f3a7e9e6d0f8bbea2a39e6148008fd05e44'],
  [
    'sha256',
    'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
  ],
  [
    'sha384',
    'cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7',
    'af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e8e2240ca5e69e2c78b3239ecfab21649',
  ],
  [
    'sha512',
    'ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f',
    '164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea2505549758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737',
  ],
] as const;

export function digestContract(make: () => Crypto): void {
  describe('digests', () => {
    it.each(vectors)('%s hashes and authenticates as the standards say', (algorithm, hash, hmac) => {
      const crypto = make();
      expect(hex(crypto.hash(algorithm, utf8('abc')))).toBe(hash);
      expect(hex(crypto.hmac(algorithm, utf8('Jefe'), utf8('what do ya want for nothing?')))).toBe(hmac);
    });

    it('takes a part of a larger array for what it is', () => {
      const crypto = make();
      expect(crypto.hash('sha256', utf8('xabcx').subarray(1, 4))).toEqual(crypto.hash('sha256', utf8('abc')));
    });

    it('answers with plain arrays that nobody else holds', () => {
      const digest = make().hash('sha256', utf8('abc'));
      expect(Object.getPrototypeOf(digest)).toBe(Uint8Array.prototype);
      expect(digest.buffer.byteLength).toBe(32);
    });

    it.each(vectors)('%s iterated is the digest of the digest', async (algorithm, hash) => {
      const crypto = make();
      let expected = bytes(hash);
      expect(await crypto.iterateHash(algorithm, utf8('abc'), 1, neverCancelled)).toEqual(expected);
      for (let round = 1; round < 2500; round++) expected = crypto.hash(algorithm, expected);
      expect(await crypto.iterateHash(algorithm, utf8('abc'), 2500, neverCancelled)).toEqual(expected);
    });

    it('iterated lets others work, and stops when one of them cancels', async () => {
      const cancel = new CancelSource();
      const digest = make().iterateHash('sha1', utf8('abc'), Number.MAX_SAFE_INTEGER, cancel);
      setTimeout(() => cancel.cancel(), 1);
      await expect(digest).rejects.toBeInstanceOf(Cancelled);
      await expect(make().iterateHash('sha1', utf8('abc'), 1, cancel)).rejects.toBeInstanceOf(Cancelled);
    });

    it('finds bytes equal that are, and no others', () => {
      const crypto = make();
      expect(crypto.equal(utf8('same'), utf8('same'))).toBe(true);
      expect(crypto.equal(utf8('same'), utf8('sane'))).toBe(false);
      expect(crypto.equal(utf8('same'), utf8('same!'))).toBe(false);
      expect(crypto.equal(new Uint8Array(), new Uint8Array())).toBe(true);
    });
  });
}
