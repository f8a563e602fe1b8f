import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DerError } from '../../src/der/errors.ts';
import { decodeDer } from '../../src/der/reader.ts';
import { explicit, implicit, oid, sequence, utf8String } from '../../src/der/writer.ts';
import { X509Error } from '../../src/x509/errors.ts';
import { encodeGeneralName, formatAltNames, type GeneralName, parseAltNames, readGeneralName } from '../../src/x509/general-names.ts';
import { nameOf } from '../../src/x509/name.ts';
import { bytes } from '../bytes.ts';
import { errorLike, survivors, unlessRefused } from '../mutations.ts';

const decode = (der: Uint8Array): GeneralName => decodeDer('test', der, 1000, (r) => readGeneralName(r));

const otherName = implicit(0, sequence(oid('1.3.6.1.4.1.311.20.2.3'), explicit(0, utf8String('user@example'))));
const registeredId = implicit(8, oid('1.2.3'));

describe('text of alternative names', () => {
  test.each<[string, GeneralName[]]>([
    ['DNS:a.example', [{ type: 'dns', value: 'a.example' }]],
    ['DNS:*.a.example', [{ type: 'dns', value: '*.a.example' }]],
    ['DNS:router', [{ type: 'dns', value: 'router' }]],
    ['DNS:xn--80ak6aa92e.example', [{ type: 'dns', value: 'xn--80ak6aa92e.example' }]],
    ['DNS:_acme.a.example', [{ type: 'dns', value: '_acme.a.example' }]],
    ['IP:192.0.2.1', [{ type: 'ip', bytes: bytes('c0000201') }]],
    ['IP:2001:db8::1', [{ type: 'ip', bytes: bytes('20010db8 00000000 00000000 00000001') }]],
    ['email:x.y+z@a.example', [{ type: 'email', value: 'x.y+z@a.example' }]],
    ['URI:https://a.example/?q=1', [{ type: 'uri', value: 'https://a.example/?q=1' }]],
    [
      'DNS:a,IP:10.0.0.1,email:x@y',
      [
        { type: 'dns', value: 'a' },
        { type: 'ip', bytes: bytes('0a000001') },
        { type: 'email', value: 'x@y' },
      ],
    ],
    ['', []],
  ])('%s', (text, names) => {
    expect(parseAltNames(text)).toEqual(names);
    expect(formatAltNames(names)).toBe(text);
  });

  test('white space around a name and the letter case of its kind are the typist’s', () => {
    expect(formatAltNames(parseAltNames(' dns:a , ip:::1,Email:x@y '))).toBe('DNS:a,IP:::1,email:x@y');
  });

  test.each([
    ['a.example', /^subject-alt-name: expected DNS:, IP: or email: and a value, found "a.example"$/],
    ['DNS:a,,DNS:b', /expected DNS:, IP: or email: and a value, found ""/],
    ['RID:1.2.3', /expected DNS:, IP: or email: and a value/],
    ['DNS:', /expected a host name .*, found "DNS:"/],
    ['DNS:a b', /expected a host name/],
    ['DNS:é.example', /expected a host name \(an international one in its xn-- form\)/],
    ['DNS:-a.example', /expected a host name/],
    ['DNS:a..b', /expected a host name/],
    ['DNS:a.example.', /expected a host name/],
    ['DNS:a.*.example', /expected a host name/],
    ['DNS:*', /expected a host name/],
    [`DNS:${'a'.repeat(64)}.example`, /expected a host name/],
    [`DNS:${'a.'.repeat(127)}a`, /expected a host name/],
    ['DNS:a\u001b[2J', /found "DNS:a\\1B\[2J"/],
    ['IP:300.1.1.1', /expected an IPv4 or IPv6 address, found "IP:300.1.1.1"/],
    ['IP:10.0.0.0/8', /expected an IPv4 or IPv6 address/],
    ['email:x', /expected an address of the form name@host/],
    ['email:@a.example', /expected an address of the form name@host/],
    ['email:x@*.example', /expected an address of the form name@host/],
    ['email:a b@c', /expected an address of the form name@host/],
    ['URI:nothing', /expected a URI with its scheme/],
  ])('refuses %j', (text, message) => {
    expect(() => parseAltNames(text)).toThrow(errorLike('X509Error', 'alternative-name', message));
  });

  test('names that can only be shown', () => {
    const names: GeneralName[] = [
      { type: 'directory', name: nameOf({ country: 'LV', commonName: 'a' }) },
      { type: 'other', der: registeredId },
      { type: 'ip', bytes: bytes('0a000000 ff000000') },
      { type: 'ip', bytes: bytes('0a') },
      { type: 'dns', value: 'a\nb' },
    ];
    expect(formatAltNames(names)).toBe(String.raw`dirName:C=LV,CN=a,other:88022a03,IP:10.0.0.0/8,IP:0a,DNS:a\0Ab`);
  });
});

describe('encoding', () => {
  test.each<[string, GeneralName, string]>([
    ['rfc822Name', { type: 'email', value: 'x@y' }, '8103784079'],
    ['dNSName', { type: 'dns', value: 'a' }, '820161'],
    ['directoryName', { type: 'directory', name: nameOf({ commonName: 'a' }) }, 'a40e300c310a300806035504030c0161'],
    ['uniformResourceIdentifier', { type: 'uri', value: 'a:b' }, '8603613a62'],
    ['iPAddress', { type: 'ip', bytes: bytes('0a000001') }, '87040a000001'],
    ['otherName', { type: 'other', der: otherName }, Buffer.from(otherName).toString('hex')],
    ['registeredID', { type: 'other', der: registeredId }, '88022a03'],
  ])('%s', (_, name, der) => {
    expect(encodeGeneralName(name)).toEqual(bytes(der));
    expect(decode(bytes(der))).toEqual(name);
  });

  test.each([
    ['a tenth choice', '8900', errorLike('X509Error', 'alternative-name', /nine choices/)],
    ['an unknown class', '0201 00', errorLike('X509Error', 'alternative-name', /nine choices/)],
    ['nothing', '', errorLike('X509Error', 'alternative-name', /nine choices/)],
    ['a dNSName beyond ASCII', '8202c3a9', errorLike('DerError', 'value', /dNSName: the octets are not text of a IA5String/)],
    ['a constructed dNSName', 'a200', errorLike('X509Error', 'alternative-name', /nine choices/)],
  ])('refuses %s', (_, der, error) => {
    expect(() => decode(bytes(der))).toThrow(error);
  });
});

const generalNames: fc.Arbitrary<GeneralName> = fc.oneof(
  fc.record({ type: fc.constantFrom('dns' as const, 'email' as const, 'uri' as const), value: fc.string({ unit: 'binary-ascii' }) }),
  fc.record({ type: fc.constant('ip' as const), bytes: fc.uint8Array({ maxLength: 40 }) }),
  fc.record({
    type: fc.constant('directory' as const),
    name: fc.constantFrom(nameOf({ commonName: 'a' }), nameOf({ country: 'LV', unit: 'é' })),
  }),
  fc.record({ type: fc.constant('other' as const), der: fc.constantFrom(otherName, registeredId) }),
);

describe('properties', () => {
  test('decode(encode(name)) = name', () => {
    fc.assert(
      fc.property(generalNames, (name) => {
        expect(decode(encodeGeneralName(name))).toEqual(name);
      }),
    );
  });

  test('what can be typed is shown as it can be typed again', () => {
    const typed = fc.array(
      fc.oneof(
        fc.stringMatching(/^[a-z][a-z0-9-]{0,9}(\.[a-z]{2,9}){0,2}$/).map((host) => `DNS:${host}`),
        fc.ipV4().map((ip) => `IP:${ip}`),
        fc.ipV6().map((ip) => `IP:${ip}`),
        fc.stringMatching(/^[a-z]{1,9}:[a-z0-9/._-]{1,20}$/).map((url) => `URI:${url}`),
      ),
    );
    fc.assert(
      fc.property(typed, (names) => {
        for (const parsed of unlessRefused([X509Error], () => parseAltNames(names.join(',')))) {
          expect(parseAltNames(formatAltNames(parsed))).toEqual(parsed);
        }
      }),
    );
  });

  test.each([encodeGeneralName({ type: 'directory', name: nameOf({ country: 'LV', commonName: 'a' }) }), otherName])(
    'cut short or with a bit turned over, it is refused or encoded to the same bytes',
    (valid) => {
      for (const { bytes: damaged, value } of survivors(valid, [DerError, X509Error], decode)) {
        expect(encodeGeneralName(value)).toEqual(damaged);
      }
    },
  );
});
