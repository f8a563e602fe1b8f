import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DerError, type DerErrorCode } from '../../src/der/errors.ts';
import { DerReader, decodeDer } from '../../src/der/reader.ts';
import { contextTag, tags } from '../../src/der/tags.ts';
import { boolean, explicit, integer, nullValue, octetString, oid, sequence, set, tagged, utf8String } from '../../src/der/writer.ts';
import { bytes } from '../bytes.ts';
import { errorLike, unlessRefused } from '../mutations.ts';

function refused(code: DerErrorCode, message: string | RegExp): object {
  return errorLike('DerError', code, message);
}

/** Reads one whole value from hexadecimal digits. */
function read<T>(hex: string, reading: (r: DerReader) => T): T {
  return decodeDer('test', bytes(hex), 1000, reading);
}

const readings = {
  any: (r: DerReader) => r.any(),
  boolean: (r: DerReader) => r.boolean(),
  integer: (r: DerReader) => r.integer(),
  bitString: (r: DerReader) => r.bitString(),
  octetString: (r: DerReader) => r.octetString(),
  null: (r: DerReader) => r.null(),
  oid: (r: DerReader) => r.oid(),
  string: (r: DerReader) => r.string(),
  time: (r: DerReader) => r.time(),
  enumerated: (r: DerReader) => r.enumerated(10),
} as const;

describe('a value in its only form is read', () => {
  test.each([
    ['boolean', '01 01 ff', true],
    ['boolean', '01 01 00', false],
    ['integer', '02 01 00', bytes('00')],
    ['integer', '02 02 00 80', bytes('0080')],
    ['integer', '02 01 80', bytes('80')],
    ['enumerated', '0a 01 0a', 10],
    ['bitString', '03 02 07 80', { bytes: bytes('80'), unusedBits: 7 }],
    ['bitString', '03 01 00', { bytes: bytes(''), unusedBits: 0 }],
    ['octetString', '04 00', bytes('')],
    ['null', '05 00', undefined],
    ['oid', '06 03 2a 86 48', '1.2.840'],
    ['string', '0c 02 c3 a9', 'é'],
    ['string', '13 03 61 40 5f', 'a@_'],
    ['string', '14 01 e9', 'é'],
    ['string', '16 00', ''],
    ['string', '1e 04 00 61 20 ac', 'a€'],
    ['string', '1c 04 00 01 f6 00', '😀'],
    ['time', '17 0d 35 30 30 31 30 31 30 30 30 30 30 30 5a', -631_152_000],
  ] as const)('%s %s', (type, hex, value) => {
    expect(read<unknown>(hex, readings[type])).toEqual(value);
  });
});

describe('a value in any other form is refused', () => {
  test.each<[keyof typeof readings, string, DerErrorCode, string]>([
    ['any', '', 'truncated', 'test: expected a value, found the end'],
    ['integer', '', 'truncated', 'test: expected INTEGER, found the end'],
    ['any', '30', 'truncated', 'the length is missing'],
    ['any', '30 82 01', 'truncated', 'the length is cut off'],
    ['any', '30 05 00', 'truncated', 'expected 5 bytes, found 1'],
    ['any', '04 84 ff ff ff ff 00', 'truncated', 'expected 4294967295 bytes, found 1'],
    ['any', '30 80 00 00', 'length', 'a definite length of at most four octets'],
    ['any', '04 85 00 00 00 00 01 00', 'length', 'a definite length of at most four octets'],
    ['any', '04 81 7f', 'length', 'the shortest form of the length'],
    ['any', '04 82 00 80', 'length', 'the shortest form of the length'],
    ['any', '1f 81 01 00', 'tag', 'tag 0x1f is of no type known here'],
    ['any', '00 00', 'tag', 'tag 0x00 is of no type known here'],
    ['any', '05 00 00', 'trailing', 'test: 1 bytes are left over'],
    ['integer', '04 01 00', 'tag', 'expected INTEGER, found OCTET STRING'],
    ['integer', '02 00', 'form', 'at least one octet'],
    ['integer', '02 02 00 7f', 'form', 'shortest form of the INTEGER'],
    ['integer', '02 02 ff 80', 'form', 'shortest form of the INTEGER'],
    ['enumerated', '0a 01 0b', 'value', 'an ENUMERATED from 0 to 10'],
    ['enumerated', '0a 01 ff', 'value', 'an ENUMERATED from 0 to 10'],
    ['enumerated', '0a 07 01 00 00 00 00 00 00', 'value', 'an ENUMERATED from 0 to 10'],
    ['boolean', '01 01 01', 'form', '00 or FF'],
    ['boolean', '01 02 ff ff', 'form', '00 or FF'],
    ['boolean', '01 00', 'form', '00 or FF'],
    ['bitString', '03 00', 'form', 'unused bits'],
    ['bitString', '03 01 01', 'form', 'unused bits'],
    ['bitString', '03 02 08 00', 'form', 'unused bits'],
    ['bitString', '03 02 07 81', 'form', 'unused bits'],
    ['octetString', '24 03 04 01 00', 'tag', 'expected OCTET STRING, found tag 0x24'],
    ['null', '05 01 00', 'form', 'a NULL without contents'],
    ['oid', '06 00', 'length', 'octets of OID'],
    ['oid', '06 02 2a 80', 'truncated', 'the last arc of the OID has no end'],
    ['oid', '06 03 2a 80 01', 'form', 'leading zero'],
    ['string', '0c 02 c3 28', 'value', 'not text of a UTF8String'],
    ['string', '13 01 e9', 'value', 'not text of a PrintableString'],
    ['string', '16 01 80', 'value', 'not text of a IA5String'],
    ['string', '1e 01 00', 'value', 'not text of a BMPString'],
    ['string', '1e 02 d8 00', 'value', 'not text of a BMPString'],
    ['string', '1c 04 00 11 00 00', 'value', 'not text of a UniversalString'],
    ['string', '02 01 00', 'tag', 'expected a string, found INTEGER'],
    ['time', '02 01 00', 'tag', 'expected GeneralizedTime, found INTEGER'],
  ])('%s %s: %s', (type, hex, code, message) => {
    expect(() => read<unknown>(hex, readings[type])).toThrow(refused(code, message));
  });
});

test('a long length is read', () => {
  const content = new Uint8Array(300).fill(7);
  expect(decodeDer('test', octetString(content), 1000, (r) => r.octetString())).toEqual(content);
});

function nested(levels: number): Uint8Array {
  return levels === 0 ? nullValue : sequence(nested(levels - 1));
}

function depthOf(r: DerReader): number {
  return r.peekTag() === tags.sequence ? 1 + r.sequence(depthOf) : r.any().length - nullValue.length;
}

describe('constructed values', () => {
  test('are left only when all of them is read', () => {
    expect(() => read('30 06 02 01 01 02 01 02', (r) => r.sequence((s) => s.smallInteger(9)))).toThrow(
      refused('trailing', 'test: 3 bytes are left over'),
    );
  });

  test('hand out their elements in the order found', () => {
    const found = read('31 06 02 01 02 02 01 01', (r) => r.setOf((s) => s.smallInteger(9)));
    expect(found).toEqual([2, 1]);
  });

  test('may be 32 levels deep and no more', () => {
    expect(decodeDer('test', nested(32), 1000, depthOf)).toBe(32);
    expect(() => decodeDer('test', nested(33), 1000, depthOf)).toThrow(refused('depth', 'at most 32 levels'));
  });

  test('give their bytes along with their meaning', () => {
    const { value, der } = read('30 03 02 01 05', (r) => r.withDer((s) => s.sequence((n) => n.smallInteger(9))));
    expect(value).toBe(5);
    expect(der).toEqual(bytes('30 03 02 01 05'));
  });
});

describe('optional and tagged values', () => {
  test('EXPLICIT and IMPLICIT tags are read where they stand and are undefined where they do not', () => {
    const der = sequence(
      explicit(0, integer(7)),
      tagged(contextTag(1, 'primitive'), bytes('61 62')),
      tagged(contextTag(2, 'constructed'), boolean(true)),
    );
    const found = decodeDer('test', der, 100, (r) =>
      r.sequence((s) => [
        s.optionalExplicit(0, (v) => v.smallInteger(9)),
        s.optionalExplicit(1, (v) => v.smallInteger(9)),
        s.optionalImplicit(1, (v) => v.string(tags.ia5String)),
        s.optionalImplicit(2, (v) => v.sequence((w) => w.boolean())),
        s.optionalImplicit(3, (v) => v.null()),
        s.optional(tags.integer, (v) => v.integer()),
      ]),
    );
    expect(found).toEqual([7, undefined, 'ab', true, undefined, undefined]);
  });

  test('an IMPLICIT tag keeps the form of its type', () => {
    expect(() => read('a0 00', (r) => r.optionalImplicit(0, (v) => v.octetString()))).toThrow(
      refused('tag', /expected \[0\], found \[0\]/),
    );
  });

  test('BOOLEAN DEFAULT FALSE is false when absent, and when some CA has written it out', () => {
    const flag = (der: Uint8Array) => decodeDer('test', der, 10, (r) => r.sequence((s) => s.booleanDefaultFalse()));
    expect([flag(sequence()), flag(sequence(boolean(false))), flag(sequence(boolean(true)))]).toEqual([false, false, true]);
  });
});

describe('errors', () => {
  test('name the document and the way to the field', () => {
    const act = () =>
      decodeDer('certificate', sequence(sequence(integer(-1))), 100, (r) =>
        r.sequence((c) => c.field('tbsCertificate').sequence((t) => t.field('serialNumber').smallInteger(5))),
      );
    expect(act).toThrow(refused('value', /^certificate tbsCertificate serialNumber: expected an INTEGER from 0 to 5$/));
  });

  test('do not lend the name of a field that was absent to the next one', () => {
    const act = () => read('02 01 01', (r) => [r.field('nothing').optional(tags.null, (v) => v.any()), r.boolean()]);
    expect(act).toThrow(refused('tag', /^test: expected BOOLEAN, found INTEGER$/));
  });

  test('a document over its limit is not looked at', () => {
    expect(() => DerReader.of(new Uint8Array(4), 3, 'test')).toThrow(refused('size', 'test: expected at most 3 bytes, found 4'));
  });
});

/** Reads any DER to a tree and writes it again. */
function rewrite(r: DerReader): Uint8Array {
  const tag = r.peekTag();
  if (tag === tags.sequence) return sequence(...r.sequenceOf(rewrite));
  if (tag === tags.set) return set(...r.setOf(rewrite));
  if (tag === tags.integer) return integer(r.integer());
  if (tag === tags.oid) return oid(r.oid());
  if (tag === tags.boolean) return boolean(r.boolean());
  if (tag === tags.utf8String) return utf8String(r.string());
  return r.any();
}

const { value: anyDer } = fc.letrec<{ value: Uint8Array }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.uint8Array().map((content) => octetString(content)),
    fc.maxSafeInteger().map((value) => integer(value)),
    fc.boolean().map((value) => boolean(value)),
    fc.string({ unit: 'grapheme' }).map((value) => utf8String(value)),
    fc.array(tie('value')).map((parts) => sequence(...parts)),
    fc.array(tie('value')).map((parts) => set(...parts)),
  ),
}));

describe('properties', () => {
  test('what the writer writes is read and written again as it was', () => {
    fc.assert(
      fc.property(anyDer, (der) => {
        expect(decodeDer('test', der, 1 << 20, rewrite)).toEqual(der);
      }),
    );
  });

  test('any bytes at all are either refused or the one encoding of what was read', () => {
    const nearlyDer = fc.tuple(anyDer, fc.nat(), fc.nat(255)).map(([der, place, byte]) => der.with(place % der.length, byte));
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array(), nearlyDer), (candidate) => {
        for (const rewritten of unlessRefused([DerError], () => decodeDer('test', candidate, 1 << 20, rewrite))) {
          expect(rewritten).toEqual(candidate);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
