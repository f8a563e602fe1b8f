import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hex } from '../../../src/bytes/hex.ts';
import { utf8 } from '../../../src/bytes/utf8.ts';
import type { CbcCipher, Crypto, CryptoErrorCode } from '../../../src/platform/crypto.ts';
import { bytes, flipped } from '../../bytes.ts';

const plaintext = utf8('Twenty-one bytes here');

// What `openssl enc -CIPHER -K 000102… -iv a0a1a2…` of OpenSSL 3.0 with its legacy provider makes of the plaintext.
const cbcVectors: readonly (readonly [CbcCipher, number, number, string])[] = [
  ['aes-128-cbc', 16, 16, '592ef35a385f94f855b2c36d1d3988bda27ed7b23c77207e4192f3228e912088'],
  ['aes-192-cbc', 24, 16, '21b56a50c801befddda5c2114eca2308b29840331c893215ee4c63cf010f1fe0'],
  ['aes-256-cbc', 32, 16, 'fa6cf37539006d8ec64e40942168a12b1ba8d5a8567f06701bd9b66c650f2604'],
  ['3des-cbc', 24, 8, '50722983a090672359b9c901d20dd7ff215544df12112631'],
  ['2des-cbc', 16, 8, '4a25abcca23154154834c189be1bfa236a6e031be368a70b'],
  ['des-cbc', 8, 8, 'a0f36661821254d4ca9c0858660d662f99b96811405a6f07'],
  ['rc2-40-cbc', 5, 8, '68b6f04ece56a8c5d255e96b8bbfb282fb1cbadc479f17f6'],
  ['rc2-64-cbc', 8, 8, 'd7695235b22664a594c7411d6dd5e13659172ae39c6ec096'],
  ['rc2-128-cbc', 16, 8, '138122d4eb091edfcdb84bd0c8aedf096915fdb9b3077593'],
];

const keyOf = (length: number): Uint8Array => Uint8Array.from({ length }, (_, i) => i);
const ivOf = (length: number): Uint8Array => Uint8Array.from({ length }, (_, i) => 0xa0 + i);

const failing = (code: CryptoErrorCode): unknown => expect.objectContaining({ name: 'CryptoError', code });

export function cipherContract(make: () => Crypto): void {
  describe.each(cbcVectors)('%s', (cipher, keyLength, ivLength, ciphertext) => {
    const key = keyOf(keyLength);
    const iv = ivOf(ivLength);

    it('encrypts and decrypts as OpenSSL does', () => {
      const crypto = make();
      expect(hex(crypto.encryptCbc(cipher, key, iv, plaintext))).toBe(ciphertext);
      expect(crypto.decryptCbc(cipher, key, iv, bytes(ciphertext))).toEqual(plaintext);
    });

    it('leaves key, IV and text as they were', () => {
      const crypto = make();
      const input = bytes(ciphertext);
      crypto.decryptCbc(cipher, key, iv, input);
      crypto.encryptCbc(cipher, key, iv, plaintext);
      expect([key, iv, input, plaintext]).toEqual([keyOf(keyLength), ivOf(ivLength), bytes(ciphertext), utf8('Twenty-one bytes here')]);
    });

    it('decrypts what it encrypted, of any length', () => {
      const crypto = make();
      fc.assert(
        fc.property(fc.uint8Array({ maxLength: 100 }), (text) => {
          const encrypted = crypto.encryptCbc(cipher, key, iv, text);
          expect(encrypted.length).toBe(text.length + ivLength - (text.length % ivLength));
          expect(crypto.decryptCbc(cipher, key, iv, encrypted)).toEqual(text);
        }),
        { numRuns: 30 },
      );
    });

    it('refuses a text whose padding does not fit', () => {
      const crypto = make();
      for (const last of [0, ivLength + 1, 255]) {
        const block = new Uint8Array(ivLength).fill(7);
        block[ivLength - 1] = last;
        const withoutItsOwnPadding = crypto.encryptCbc(cipher, key, iv, block).subarray(0, ivLength);
        expect(() => crypto.decryptCbc(cipher, key, iv, withoutItsOwnPadding)).toThrow(failing('bad-data'));
      }
      const uneven = new Uint8Array(ivLength).fill(3);
      uneven[ivLength - 2] = 2;
      expect(() => crypto.decryptCbc(cipher, key, iv, crypto.encryptCbc(cipher, key, iv, uneven).subarray(0, ivLength))).toThrow(
        failing('bad-data'),
      );
    });

    it('refuses a text that is no whole number of blocks', () => {
      const crypto = make();
      expect(() => crypto.decryptCbc(cipher, key, iv, new Uint8Array())).toThrow(failing('bad-data'));
      expect(() => crypto.decryptCbc(cipher, key, iv, bytes(ciphertext).subarray(1))).toThrow(failing('bad-data'));
    });

    it('refuses a key or an IV of another length', () => {
      const crypto = make();
      expect(() => crypto.encryptCbc(cipher, key.subarray(1), iv, plaintext)).toThrow(failing('bad-key'));
      expect(() => crypto.decryptCbc(cipher, keyOf(keyLength + 1), iv, bytes(ciphertext))).toThrow(failing('bad-key'));
      expect(() => crypto.encryptCbc(cipher, key, iv.subarray(1), plaintext)).toThrow(failing('bad-key'));
    });
  });

  describe('RC4', () => {
    // RFC 6229, key streams of the 40-bit and the 128-bit key 0102….
    it.each([
      ['0102030405', 'b2396305f03dc027ccc3524a0a1118a8'],
      ['0102030405060708090a0b0c0d0e0f10', '9ac7cc9a609d1ef7b2932899cde41b97'],
    ])('with key %s makes the stream of RFC 6229', (key, stream) => {
      expect(hex(make().rc4(bytes(key), new Uint8Array(16)))).toBe(stream);
    });

    it('refuses a key of another length', () => {
      expect(() => make().rc4(keyOf(8), plaintext)).toThrow(failing('bad-key'));
    });
  });

  describe('AES-256-GCM', () => {
    const key = keyOf(32);
    const nonce = ivOf(12);
    const label = utf8('row 7');

    // Test cases 14 and 16 of McGrew and Viega, "The Galois/Counter Mode of Operation".
    it('seals as the standard says', () => {
      const crypto = make();
      expect(hex(crypto.seal(new Uint8Array(32), new Uint8Array(12), new Uint8Array(), new Uint8Array(16)))).toBe(
        'cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919',
      );
      const sealed = crypto.seal(
        bytes('feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308'),
        bytes('cafebabefacedbaddecaf888'),
        bytes('feedfacedeadbeeffeedfacedeadbeefabaddad2'),
        bytes('d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39'),
      );
      expect(hex(sealed.subarray(60))).toBe('76fc6ece0f4e1768cddf8853bb2d551b');
    });

    it('opens what it sealed, of any length', () => {
      const crypto = make();
      fc.assert(
        fc.property(fc.uint8Array({ maxLength: 100 }), fc.uint8Array({ maxLength: 40 }), (text, associated) => {
          expect(crypto.open(key, nonce, associated, crypto.seal(key, nonce, associated, text))).toEqual(text);
        }),
      );
    });

    it('opens nothing of which a bit was altered', () => {
      const crypto = make();
      const sealed = crypto.seal(key, nonce, label, utf8('secret'));
      for (let bit = 0; bit < sealed.length * 8; bit++) {
        expect(() => crypto.open(key, nonce, label, flipped(sealed, bit))).toThrow(failing('bad-data'));
      }
    });

    it('opens nothing with another key, nonce or label, and nothing too short', () => {
      const crypto = make();
      const sealed = crypto.seal(key, nonce, label, utf8('secret'));
      expect(() => crypto.open(key.toReversed(), nonce, label, sealed)).toThrow(failing('bad-data'));
      expect(() => crypto.open(key, nonce.toReversed(), label, sealed)).toThrow(failing('bad-data'));
      expect(() => crypto.open(key, nonce, utf8('row 8'), sealed)).toThrow(failing('bad-data'));
      for (let length = 0; length < sealed.length; length++) {
        expect(() => crypto.open(key, nonce, label, sealed.subarray(0, length))).toThrow(failing('bad-data'));
      }
    });

    it('refuses a key or a nonce of another length', () => {
      expect(() => make().seal(keyOf(16), nonce, label, plaintext)).toThrow(failing('bad-key'));
      expect(() => make().open(key, ivOf(16), label, plaintext)).toThrow(failing('bad-key'));
    });
  });
}
