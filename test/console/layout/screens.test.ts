import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fieldLines } from '../../../src/console/layout/fields.ts';
import { listingLines } from '../../../src/console/layout/result.ts';
import { cells, visible } from '../../../src/console/layout/visible-text.ts';
import { certificates, files, type Shown } from './certificates.ts';

const screen = (lines: Iterable<string>): string => [...lines].join('\n');
const a64 = 'a'.repeat(64);
const b64 = 'b'.repeat(64);

const templates: readonly Shown[] = [
  {
    name: 'CA-Template',
    'key-type': 'rsa',
    'common-name': 'CAtemp',
    'key-size': '2048',
    'subject-alt-name': '',
    'days-valid': 365,
    'key-usage': 'key-cert-sign,crl-sign',
  },
  { name: 'Server', 'key-type': 'rsa', 'common-name': 'server', 'key-size': '2048', 'subject-alt-name': '', 'days-valid': 365 },
  { name: 'Client', 'key-type': 'rsa', 'common-name': 'client', 'key-size': '2048', 'subject-alt-name': '', 'days-valid': 365 },
];

const signed: readonly Shown[] = [
  {
    name: 'CA-Template',
    'common-name': 'CAtemp',
    fingerprint: a64,
    'private-key': true,
    authority: true,
    trusted: true,
    'subject-alt-name': '',
  },
  { name: 'Client', 'common-name': 'client', fingerprint: b64, 'private-key': true, authority: true, trusted: true },
  { name: 'ServerCA', 'common-name': 'server', fingerprint: a64, 'private-key': true, crl: true, authority: true, trusted: true },
];

const exported: readonly Shown[] = ['CA-Template.crt', 'ServerCA.crt', 'ServerCA.key'].map((name, i) => ({
  name: `cert_export_${name}`,
  type: `${name.slice(-4)} file`,
  size: 1000 + i,
  'creation-time': '2026-11-23 20:00:00',
}));

describe('print detail', () => {
  test('names every flag, hangs and wraps at 120 columns', () => {
    expect(screen(listingLines(certificates(templates, { layout: 'detail' }), { width: 120 }))).toBe(
      `Flags: K - PRIVATE-KEY; L - CRL; C - SMART-CARD-KEY; A - AUTHORITY; I - ISSUED, R - REVOKED; E - EXPIRED; T - TRUSTED; ${''}
a - ACME-MANAGED; D - DYNAMIC ${''}
 0             name="CA-Template" key-type=rsa common-name="CAtemp" key-size=2048 subject-alt-name="" days-valid=365 ${''}
               key-usage=key-cert-sign,crl-sign ${''}

 1             name="Server" key-type=rsa common-name="server" key-size=2048 subject-alt-name="" days-valid=365 ${''}

 2             name="Client" key-type=rsa common-name="client" key-size=2048 subject-alt-name="" days-valid=365 `,
    );
  });

  test('wraps at 80 columns', () => {
    expect(screen(listingLines(certificates(templates.slice(0, 1), { layout: 'detail' }), { width: 80 }))).toBe(
      `Flags: K - PRIVATE-KEY; L - CRL; C - SMART-CARD-KEY; A - AUTHORITY; I - ISSUED, ${''}
R - REVOKED; E - EXPIRED; T - TRUSTED; a - ACME-MANAGED; D - DYNAMIC ${''}
 0             name="CA-Template" key-type=rsa common-name="CAtemp" ${''}
               key-size=2048 subject-alt-name="" days-valid=365 ${''}
               key-usage=key-cert-sign,crl-sign `,
    );
  });

  test('needs no wrapping at 200 columns', () => {
    const lines = [...listingLines(certificates(templates.slice(0, 1), { layout: 'detail' }), { width: 200 })];
    expect(lines).toHaveLength(2);
    expect(lines[1]).toBe(
      ' 0             name="CA-Template" key-type=rsa common-name="CAtemp" key-size=2048 subject-alt-name="" days-valid=365 key-usage=key-cert-sign,crl-sign ',
    );
  });

  test('stays on one line where there is no terminal', () => {
    const [legend, first] = listingLines(certificates(templates, { layout: 'detail' }), {});
    expect(legend).toMatch(/^Flags: K - .* D - DYNAMIC $/);
    expect(first).toMatch(/^ 0 {13}name="CA-Template" .* key-usage=key-cert-sign,crl-sign $/);
  });

  test('puts each flag in its column', () => {
    const [, item] = listingLines(
      certificates([{ name: 'x', 'private-key': true, issued: true, trusted: true }], { layout: 'detail' }),
      {},
    );
    expect(item).toBe(' 0 K   I  T    name="x" ');
  });

  test('breaks a value that is longer than a line', () => {
    const lines = [...listingLines(certificates([{ name: 'n'.repeat(60) }], { layout: 'detail' }), { width: 40 })];
    expect(lines.every((line) => line.length <= 40)).toBe(true);
    expect(
      lines
        .slice(-3)
        .map((line) => line.slice(15))
        .join(''),
    ).toBe(`name="${'n'.repeat(60)}" `);
  });

  test('shows what proplist and show-ids ask for', () => {
    const form = { layout: 'detail', proplist: ['common-name', 'trusted'], showIds: true } as const;
    expect([...listingLines(certificates(signed.slice(0, 1), form), {})].at(-1)).toBe(
      ' 0 K  A   T    .id=*1 common-name="CAtemp" trusted=yes ',
    );
  });
});

describe('print', () => {
  test('has the flags that occur and the columns that hold a value', () => {
    expect(screen(listingLines(certificates(signed, { layout: 'brief' }), { width: 120 }))).toBe(
      `Flags: K - PRIVATE-KEY; L - CRL; A - AUTHORITY; T - TRUSTED
Columns: NAME, COMMON-NAME, FINGERPRINT
#      NAME         COMMON-NAME  FINGERPRINT
0 K AT CA-Template  CAtemp       ${a64}
1 K AT Client       client       ${b64}
2 KLAT ServerCA     server       ${a64}`,
    );
  });

  test('cuts the end of a line at 80 columns', () => {
    const lines = [...listingLines(certificates(signed, { layout: 'brief' }), { width: 80 })];
    expect(lines.slice(2, 4)).toEqual([
      '#      NAME         COMMON-NAME  FINGERPRINT',
      `0 K AT CA-Template  CAtemp       ${'a'.repeat(44)}...`,
    ]);
    expect(lines[3]).toHaveLength(80);
  });

  test('has no legend where there are no flags', () => {
    expect(screen(listingLines(files(exported, { layout: 'brief' }), { width: 120 }))).toBe(
      `Columns: NAME, TYPE, SIZE, CREATION-TIME
#  NAME                         TYPE       SIZE  CREATION-TIME
0  cert_export_CA-Template.crt  .crt file  1000  2026-11-23 20:00:00
1  cert_export_ServerCA.crt     .crt file  1001  2026-11-23 20:00:00
2  cert_export_ServerCA.key     .key file  1002  2026-11-23 20:00:00`,
    );
  });

  test('numbers stand right-aligned, ids in a column of their own', () => {
    const many = Array.from({ length: 11 }, (_, i): Shown => ({ name: `f${i}` }));
    const lines = [...listingLines(files(many, { layout: 'brief', showIds: true }), {})];
    expect(lines.slice(0, 3)).toEqual(['Columns: ID, NAME', ' #  ID  NAME', ' 0  *1  f0']);
    expect(lines.at(-1)).toBe('10  *B  f10');
  });

  test('joins issued and revoked by a comma only if both occur', () => {
    const legendOf = (...items: readonly Shown[]) => [...listingLines(certificates(items, { layout: 'brief' }), {})][0];
    expect(legendOf({ name: 'x', issued: true, revoked: true, trusted: true })).toBe('Flags: I - ISSUED, R - REVOKED; T - TRUSTED');
    expect(legendOf({ name: 'x', issued: true, trusted: true })).toBe('Flags: I - ISSUED; T - TRUSTED');
  });

  test('shows nothing of nothing', () => {
    expect([...listingLines(certificates([], { layout: 'brief' }), { width: 80 })]).toEqual([]);
  });

  test('aligns by cells, not by characters', () => {
    const lines = [
      ...listingLines(
        certificates(
          [
            { name: '証明書', 'common-name': 'a' },
            { name: 'é', 'common-name': 'b' },
          ],
          { layout: 'brief' },
        ),
        {},
      ),
    ];
    expect(lines.slice(1)).toEqual(['#  NAME    COMMON-NAME', '0  証明書  a', '1  é       b']);
  });
});

describe('other forms', () => {
  test('terse has one line an item, without quotes', () => {
    const [line] = listingLines(
      certificates([{ name: 'x y', trusted: true, 'subject-alt-name': '', 'days-valid': 3 }], { layout: 'terse' }),
      { width: 20 },
    );
    expect(line).toBe(' 0        T   name=x y subject-alt-name= days-valid=3');
  });

  test('value-list has items as columns, as many as fit', () => {
    const two = [
      { name: 'first', size: 1 },
      { name: 'second', size: 20, type: 'x' },
    ];
    expect(screen(listingLines(files(two, { layout: 'value-list' }), { width: 80 }))).toBe(
      `           name: first  second
           type:        x
           size: 1      20`,
    );
    expect(screen(listingLines(files(two, { layout: 'value-list' }), { width: 24 }))).toBe(
      `           name: first
           size: 1

           name: second
           type: x
           size: 20`,
    );
  });

  test('count-only is a number, as-value shows nothing', () => {
    expect([...listingLines(certificates(signed, { layout: 'count-only' }), {})]).toEqual(['3']);
    expect([...listingLines(certificates(signed, { layout: 'as-value' }), {})]).toEqual([]);
  });

  test('settings have right-aligned names and a line for each value of a list', () => {
    const list = { type: 'array', elements: [{ value: 'fetch' }, { value: 'mqtt' }] } as const;
    expect(screen(listingLines(files([{ name: list, 'creation-time': false }], { layout: 'settings' }), {}))).toBe(
      `           name: fetch
                 mqtt
  creation-time: no`,
    );
  });

  test('the counters of import', () => {
    const counters = [
      ['certificates-imported', 2],
      ['private-keys-imported', 1],
      ['files-imported', 1],
      ['decryption-failures', 0],
      ['keys-with-no-certificate', 0],
    ] as const;
    expect(screen(fieldLines(counters, {}))).toBe(
      `     certificates-imported: 2
     private-keys-imported: 1
            files-imported: 1
       decryption-failures: 0
  keys-with-no-certificate: 0`,
    );
  });
});

describe('text from certificates', () => {
  const hostile = 'a\u001b[2J\u009b1A\u202Eb\r\n\u0000\ud800"\\';

  test.each(['brief', 'detail', 'terse', 'value-list', 'settings'] as const)('moves no cursor in %s', (layout) => {
    const text = screen(listingLines(certificates([{ name: hostile, 'common-name': hostile }], { layout }), { width: 200 }));
    expect(text).toContain('a\\1B[2J\\C2\\9B1A\\E2\\80\\AEb\\r\\n\\00\\EF\\BF\\BD');
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
  });

  test('closes no quote in detail', () => {
    expect([...listingLines(certificates([{ name: 'a" common-name="b\\' }], { layout: 'detail' }), {})].at(-1)).toContain(
      'name="a\\" common-name=\\"b\\\\" ',
    );
  });
});

describe('colours', () => {
  test('take no room', () => {
    const paint = (style: string, text: string) => `<${style}>${text}</>`;
    const lines = [...listingLines(certificates(signed.slice(0, 1), { layout: 'brief' }), { width: 40, paint })];
    expect(lines.at(-1)).toBe(`0 <command>KAT</> CA-Template  CAtemp       aaaaa...`);
    const detail = [...listingLines(certificates(templates.slice(1, 2), { layout: 'detail' }), { width: 80, paint })];
    expect(detail.at(-2)).toBe(
      ' 0             <argument>name</>="Server" <argument>key-type</>=rsa <argument>common-name</>="server" <argument>key-size</>=2048 ',
    );
  });
});

test('no line is wider than the terminal, whatever is in it', () => {
  const item = fc.record({
    name: fc.string({ unit: 'grapheme', maxLength: 120 }),
    'common-name': fc.string({ unit: 'binary' }),
    'days-valid': fc.nat(),
  });
  const layouts = fc.constantFrom('brief', 'detail', 'value-list');
  fc.assert(
    fc.property(fc.array(item, { minLength: 1, maxLength: 5 }), layouts, fc.integer({ min: 40, max: 200 }), (items, layout, width) => {
      for (const line of listingLines(certificates(items, { layout }), { width })) {
        expect(cells(line)).toBeLessThanOrEqual(width);
        expect(line).toBe(visible(line));
      }
    }),
  );
});

test('ten thousand items come one line at a time', () => {
  const many = Array.from({ length: 10_000 }, (_, i): Shown => ({ name: `c${i}`, 'common-name': 'x', fingerprint: a64 }));
  let count = 0;
  for (const line of listingLines(certificates(many, { layout: 'brief' }), { width: 80 })) {
    expect(line.length).toBeLessThanOrEqual(80);
    count++;
  }
  expect(count).toBe(10_002);
});
