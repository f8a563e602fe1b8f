import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeSnapshot, encodeSnapshot } from '../../src/system/backup-encoding.ts';
import { SystemError } from '../../src/system/errors.ts';

const value = fc.oneof(
  fc.constant(null),
  fc.integer(),
  fc.maxSafeInteger(),
  fc.double({ noNaN: true }),
  fc.string({ unit: 'grapheme' }),
  fc.uint8Array({ maxLength: 40 }),
);

const table = fc.array(fc.string(), { minLength: 1, maxLength: 4 }).chain((columns) =>
  fc.record({
    name: fc.string(),
    columns: fc.constant(columns),
    rows: fc.array(fc.array(value, { minLength: columns.length, maxLength: columns.length }), { maxLength: 5 }),
  }),
);

const snapshot = fc.record({ schemaVersion: fc.nat(), tables: fc.array(table, { maxLength: 4 }) });

const damaged = expect.objectContaining({ name: 'SystemError', code: 'damaged' });

describe('an encoded snapshot', () => {
  it('decodes to what it was', () => {
    fc.assert(
      fc.property(snapshot, (given) => {
        expect(decodeSnapshot(encodeSnapshot(given))).toEqual(given);
      }),
    );
  });

  it('cut anywhere, or with something behind it, is refused', () => {
    fc.assert(
      fc.property(snapshot, fc.nat(), (given, at) => {
        const bytes = encodeSnapshot(given);
        expect(() => decodeSnapshot(bytes.subarray(0, at % bytes.length))).toThrow(damaged);
        expect(() => decodeSnapshot(new Uint8Array([...bytes, 0]))).toThrow(damaged);
      }),
    );
  });

  it('of any bytes is a snapshot that encodes to the same, or refused', () => {
    fc.assert(
      fc.property(snapshot, fc.nat(), fc.nat(255), (given, at, byte) => {
        const bytes = encodeSnapshot(given);
        bytes[at % bytes.length] = byte;
        expect(reencoded(bytes)).toEqual(bytes);
      }),
    );
  });

  it('does not make room for more rows than there are bytes', () => {
    const bytes = encodeSnapshot({ schemaVersion: 1, tables: [{ name: 't', columns: ['a'], rows: [[null]] }] });
    new DataView(bytes.buffer).setUint32(bytes.length - 5, 0xffff_ffff);
    expect(() => decodeSnapshot(bytes)).toThrow(damaged);
  });
});

/** What the snapshot in these bytes encodes to; the bytes themselves if they are refused as they should be. */
function reencoded(bytes: Uint8Array): Uint8Array {
  let decoded: ReturnType<typeof decodeSnapshot>;
  try {
    decoded = decodeSnapshot(bytes);
  } catch (error) {
    if (!(error instanceof SystemError) || error.code !== 'damaged') throw error;
    return bytes;
  }
  return encodeSnapshot(decoded);
}
