import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hex } from '../../src/bytes/hex.ts';
import { DerError } from '../../src/der/errors.ts';
import { oids } from '../../src/der/oids.ts';
import { bmpString, ia5String, integer, oid, printableString, sequence, set, utf8String } from '../../src/der/writer.ts';
import { X509Error } from '../../src/x509/errors.ts';
import {
  type AttributeTypeAndValue,
  decodeName,
  encodeName,
  equalNames,
  formatName,
  nameKey,
  nameOf,
  type SubjectFields,
  subjectFields,
} from '../../src/x509/name.ts';
import { bytes } from '../bytes.ts';
import { errorLike, survivors } from '../mutations.ts';

const everyField: SubjectFields = {
  country: 'LV',
  state: 'Rīga',
  locality: 'Riga',
  organization: 'Example',
  unit: 'Net',
  commonName: 'router',
};

function refused(message: RegExp): object {
  return errorLike('X509Error', 'name', message);
}

describe('a name of fields', () => {
  test('goes from the country to the common name', () => {
    expect(formatName(nameOf({ ...everyField }))).toBe('C=LV,ST=Rīga,L=Riga,O=Example,OU=Net,CN=router');
  });

  test('has the country as PrintableString and the rest as UTF8String', () => {
    expect(hex(encodeName(nameOf({ country: 'LV', commonName: 'é' })))).toBe('301a310b3009060355040613024c56310b300906035504030c02c3a9');
  });

  test('leaves out what is absent or empty', () => {
    expect(nameOf({})).toEqual([]);
    expect(formatName(nameOf({ country: '', commonName: 'a' }))).toBe('CN=a');
    expect(hex(encodeName(nameOf({})))).toBe('3000');
  });

  test('gives its fields back', () => {
    expect(subjectFields(decodeName(encodeName(nameOf(everyField))))).toEqual(everyField);
  });

  test.each<[SubjectFields, RegExp]>([
    [{ country: 'Latvia' }, /^country: expected the two letters of a country \(ISO 3166\), found "Latvia"$/],
    [{ country: 'L\u001b' }, /found "L\\1B"/],
    [{ commonName: 'a'.repeat(65) }, /^common-name: expected at most 64 characters, found 65$/],
    [{ organization: 'é'.repeat(65) }, /^organization: expected at most 64 characters, found 65$/],
    [{ unit: 'a'.repeat(65) }, /^unit: expected at most 64/],
    [{ state: 'a'.repeat(129) }, /^state: expected at most 128/],
    [{ locality: 'a'.repeat(129) }, /^locality: expected at most 128/],
    [{ commonName: 'a\u0000b' }, /^common-name: expected no control characters$/],
  ])('refuses %j', (fields, message) => {
    expect(() => nameOf(fields)).toThrow(refused(message));
  });
});

/** A name in DER of one attribute. */
function nameDer(type: string, value: Uint8Array): Uint8Array {
  return sequence(set(sequence(oid(type), value)));
}

describe('names of others', () => {
  test.each([
    ['T61String', nameDer(oids.organizationName, bytes('14 03 43 61 e9')), 'O=Caé'],
    ['BMPString', nameDer(oids.organizationName, bmpString('Česko')), 'O=Česko'],
    ['IA5String', nameDer(oids.emailAddress, ia5String('ca@a.example')), 'emailAddress=ca@a.example'],
    ['PrintableString beyond its alphabet', nameDer(oids.commonName, bytes('13 05 2a 2e 61 5f 62')), 'CN=*.a_b'],
    ['an attribute without a short name', nameDer('2.5.4.99', utf8String('x')), '2.5.4.99=x'],
    ['a value that is no string', nameDer('2.5.4.45', bytes('03 02 00 01')), '2.5.4.45=#03020001'],
    ['control characters', nameDer(oids.commonName, utf8String('a\u001b[2J,CN=b')), String.raw`CN=a\1B[2J,CN=b`],
    ['an empty value', nameDer(oids.commonName, utf8String('')), 'CN='],
    ['no attribute', sequence(), ''],
  ])('%s: shown, and kept byte for byte', (_, der, text) => {
    const name = decodeName(der);
    expect(formatName(name)).toBe(text);
    expect(encodeName(name)).toEqual(der);
  });

  test('an RDN of several attributes keeps an order that is not DER', () => {
    const cn = sequence(oid(oids.commonName), utf8String('a'));
    const ou = sequence(oid(oids.organizationalUnitName), utf8String('b'));
    const der = sequence(set(ou, cn));
    expect(formatName(decodeName(der))).toBe('OU=b+CN=a');
    expect(encodeName(decodeName(der))).toEqual(der);
  });

  test('the first attribute of each type is shown as the field', () => {
    const name = [...nameOf({ commonName: 'first', unit: 'one' }), ...nameOf({ commonName: 'second' })];
    expect(subjectFields(name)).toEqual({ unit: 'one', commonName: 'first' });
  });

  test('an empty RDN is refused', () => {
    expect(() => decodeName(sequence(set()))).toThrow(refused(/at least one attribute/));
  });

  test('an error names the attribute', () => {
    expect(() => decodeName(nameDer(oids.commonName, bytes('0c 01 ff')))).toThrow(
      errorLike('DerError', 'value', /^name CN: the octets are not text/),
    );
  });
});

describe('equality (RFC 5280 7.1)', () => {
  const cn = (value: Uint8Array) => decodeName(nameDer(oids.commonName, value));

  test.each([
    ['the string type', cn(printableString('CA')), cn(utf8String('CA')), true],
    ['letter case', cn(utf8String('Ābols CA')), cn(utf8String('ābols ca')), true],
    ['surplus white space', cn(utf8String(' My   CA ')), cn(utf8String('My CA')), true],
    ['compatibility forms', cn(utf8String('ＣＡ')), cn(utf8String('CA')), true],
    ['white space where there was none', cn(utf8String('My CA')), cn(utf8String('MyCA')), false],
    ['another value', cn(utf8String('CA')), cn(utf8String('CB')), false],
    ['no string: octets', cn(integer(1)), cn(integer(1)), true],
    ['no string: other octets', cn(integer(1)), cn(integer(2)), false],
    ['text that looks like a value of no string type', cn(integer(1)), cn(utf8String('#020101')), false],
    ['another type', cn(utf8String('CA')), decodeName(nameDer(oids.organizationName, utf8String('CA'))), false],
    ['more attributes', nameOf({ commonName: 'a' }), nameOf({ country: 'LV', commonName: 'a' }), false],
    ['another order of RDNs', nameOf(everyField), [...nameOf(everyField)].reverse(), false],
    ['another order within an RDN', [nameOf(everyField).flat()], [nameOf(everyField).flat().reverse()], true],
    [
      'two equal attributes are not two different ones',
      [nameOf({ commonName: 'a', unit: 'b' }).flat()],
      [[...nameOf({ commonName: 'a' }), ...nameOf({ commonName: 'a' })].flat()],
      false,
    ],
    ['no attribute', [], [], true],
  ])('%s', (_, a, b, equal) => {
    expect(nameKey(a) === nameKey(b)).toBe(equal);
    expect(equalNames(a, b)).toBe(equal);
    expect(equalNames(b, a)).toBe(equal);
  });
});

const attributes: fc.Arbitrary<AttributeTypeAndValue> = fc.oneof(
  fc
    .record({ type: fc.constantFrom(...Object.values(oids)), value: fc.string({ unit: 'grapheme', maxLength: 30 }) })
    .map(({ type, value }) => ({ type, value, der: utf8String(value) })),
  fc
    .record({ type: fc.constantFrom('2.5.4.3', '1.2.3'), value: fc.integer() })
    .map(({ type, value }) => ({ type, value: `#${hex(integer(value))}`, der: integer(value) })),
);
const names = fc.array(fc.array(attributes, { minLength: 1, maxLength: 3 }), { maxLength: 6 });

describe('properties', () => {
  test('decode(encode(name)) = name', () => {
    fc.assert(
      fc.property(names, (name) => {
        expect(decodeName(encodeName(name))).toEqual(name);
      }),
    );
  });

  test('no text of a name moves the cursor', () => {
    fc.assert(
      fc.property(names, (name) => {
        expect(formatName(name)).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
      }),
    );
  });

  test('a name equals itself in capitals', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z ]{0,64}$/), (commonName) => {
        expect(equalNames(nameOf({ commonName }), nameOf({ commonName: commonName.toUpperCase() }))).toBe(true);
      }),
    );
  });

  test('cut short or with a bit turned over, it is refused or encoded to the same bytes', () => {
    for (const { bytes: damaged, value } of survivors(encodeName(nameOf(everyField)), [DerError, X509Error], (der) => decodeName(der))) {
      expect(encodeName(value)).toEqual(damaged);
    }
  });
});
