import { describe, expect, it } from 'vitest';
import { hex } from '../../../src/bytes/hex.ts';
import { utf8 } from '../../../src/bytes/utf8.ts';
import { Cancelled, CancelSource, neverCancelled } from '../../../src/platform/cancel.ts';
import type { Crypto } from '../../../src/platform/crypto.ts';

export function keyDerivationContract(make: () => Crypto): void {
  describe('PBKDF2', () => {
    it('derives the key of RFC 6070, test 3', async () => {
      const key = await make().pbkdf2('sha1', utf8('password'), utf8('salt'), 4096, 20, neverCancelled);
      expect(hex(key)).toBe('4b007901b765489abead49d926f721d065a429c1');
    });

    // RFC 6070's test 5 with 1,000 rounds and other digests, by CPython's hashlib.
    it.each([
      ['md5', '0c30e826a5c1ad8e29d558bf48f32b800262a29cfa15ec631f12a18dd5993d1f67441557a578df91'],
      ['sha1', '0a4dfb12971f438977d318527bf4961f3a6577bc9eb75db2e92bcbaa83047af8ad3948792c3f3cf7'],
      ['sha224', 'e93bc0d03e4b30aa4a6d6972ff4a7c084e16346fb58923b18756b381e044da5c6ab2ab8dd2ae2d25'],
      ['sha256', '4610df202292270a7613e4723f6e8d1e513fb62caba8fb8a0168293411f2896cc4daad9e2b12273c'],
      ['sha384', '4ead12bc0677849d57ea9343ad48f11865f6737d8338b0aa63ace945d3719b4d409225e3d6856edd'],
      ['sha512', '0e28f3efa802a2f0cd3b4ace5e3d9afadb7c2dccc5ef10eedb8a6564dfb0c9a63b6f46b1e150587b'],
    ] as const)('derives keys longer than a digest with %s', async (digest, expected) => {
      const [password, salt] = [utf8('passwordPASSWORDpassword'), utf8('saltSALTsaltSALTsaltSALTsaltSALTsalt')];
      expect(hex(await make().pbkdf2(digest, password, salt, 1000, 40, neverCancelled))).toBe(expected);
    });

    it('takes an empty password', async () => {
      const key = await make().pbkdf2('sha256', new Uint8Array(), utf8('salt'), 1, 32, neverCancelled);
      expect(hex(key)).toBe('f135c27993baf98773c5cdb40a5706ce6a345cde61b000a67858650cd6a324d7');
    });

    it('leaves the event loop free and stops waiting when cancelled', async () => {
      const cancel = new CancelSource();
      const key = make().pbkdf2('sha256', utf8('password'), utf8('salt'), 200_000, 32, cancel);
      cancel.cancel();
      await expect(key).rejects.toBeInstanceOf(Cancelled);
    });

    it('does not begin when it is cancelled already', async () => {
      const cancel = new CancelSource();
      cancel.cancel();
      await expect(make().pbkdf2('sha256', utf8('password'), utf8('salt'), 1, 32, cancel)).rejects.toBeInstanceOf(Cancelled);
    });
  });

  describe('scrypt', () => {
    // RFC 7914 12.
    it.each([
      [
        '',
        '',
        16,
        1,
        1,
        '77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442fcd0069ded0948f8326a753a0fc81f17e8d3e0fb2e0d3628cf35e20c38d18906',
      ],
      [
        'password',
        'NaCl',
        1024,
        8,
        16,
        'fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b3731622eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640',
      ],
    ])('derives the key of RFC 7914 for "%s"', async (password, salt, cost, blockSize, parallel, expected) => {
      expect(hex(await make().scrypt(utf8(password), utf8(salt), cost, blockSize, parallel, 64))).toBe(expected);
    });

    it('refuses a cost that is no power of two', async () => {
      await expect(make().scrypt(utf8('password'), utf8('NaCl'), 1000, 8, 1, 64)).rejects.toMatchObject({
        name: 'CryptoError',
        code: 'unsupported',
      });
    });
  });
}
