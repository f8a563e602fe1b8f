import { describe, expect, it } from 'vitest';
import { NodeCrypto } from '../../src/platform/node/crypto.ts';
import { NodeRandom } from '../../src/platform/node/random.ts';
import type { StoreErrorCode } from '../../src/store/errors.ts';
import { KeySealing, sealingKeyId } from '../../src/store/sealing.ts';
import { flipped } from '../bytes.ts';

const crypto = new NodeCrypto();
const random = new NodeRandom();
const key = random.bytes(32);
const sealing = new KeySealing(key.slice(), crypto, random);
const owner = { table: 'private_key', id: 7 };
const secret = new Uint8Array(Buffer.from('a private key'));

describe('a sealed secret', () => {
  it('opens to what it was', () => {
    expect(sealing.open(owner, sealing.seal(owner, secret))).toEqual(secret);
    expect(sealing.open(owner, sealing.seal(owner, new Uint8Array()))).toEqual(new Uint8Array());
  });

  it('shows nothing of itself, and is never the same twice', () => {
    const { sealed } = sealing.seal(owner, secret);
    expect(Buffer.from(sealed).includes(Buffer.from(secret.subarray(0, 4)))).toBe(false);
    expect(sealing.seal(owner, secret).sealed).not.toEqual(sealed);
    expect(sealed).toHaveLength(12 + secret.length + 16);
  });

  it.each([
    ['another row', { table: 'private_key', id: 8 }],
    ['another table', { table: 'account_key', id: 7 }],
  ])('does not open as one of %s', (_, other) => {
    expect(() => sealing.open(other, sealing.seal(owner, secret))).toThrow(storeError('sealed-damaged'));
  });

  it('does not open with any bit turned, nor cut', () => {
    const whole = sealing.seal(owner, secret);
    for (let bit = 0; bit < whole.sealed.length * 8; bit++) {
      const sealed = flipped(whole.sealed, bit);
      expect(() => sealing.open(owner, { ...whole, sealed })).toThrow(storeError('sealed-damaged'));
    }
    for (let length = 0; length < whole.sealed.length; length++)
      expect(() => sealing.open(owner, { ...whole, sealed: whole.sealed.subarray(0, length) })).toThrow(storeError('sealed-damaged'));
  });

  it('tells that another key sealed it', () => {
    const other = new KeySealing(random.bytes(32), crypto, random);
    expect(() => sealing.open(owner, other.seal(owner, secret))).toThrow(storeError('device-key-wrong'));
  });

  it('carries an id of its key that is the same each time and not a part of it', () => {
    const { deviceKeyId } = sealing.seal(owner, secret);
    expect(deviceKeyId).toEqual(sealingKeyId(key, crypto));
    expect(Buffer.from(key).includes(Buffer.from(deviceKeyId))).toBe(false);
  });

  it('is told in errors by its row, never by its bytes', () => {
    const damage = () => sealing.open({ table: 'private_key', id: 8 }, sealing.seal(owner, secret));
    expect(damage).toThrow('the secret of row 8 of private_key was altered: restore the store from a backup');
  });
});

function storeError(code: StoreErrorCode): unknown {
  return expect.objectContaining({ name: 'StoreError', code });
}
