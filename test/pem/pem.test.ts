import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PemError, type PemErrorCode } from '../../src/pem/errors.ts';
import { decodePem, encodePem } from '../../src/pem/pem.ts';
import { debianBundle, testWithBundle } from '../debian-bundle.ts';
import { openssl } from '../judges/openssl.ts';
import { newPath, testWith } from '../judges/run.ts';
import { errorLike, unlessRefused } from '../mutations.ts';

const der = Uint8Array.from({ length: 100 }, (_, i) => i);
const block = encodePem('CERTIFICATE', der);

test('a block has lines of 64 columns and ends with a line feed', () => {
  expect(block.split('\n').map((line) => line.length)).toEqual([27, 64, 64, 8, 25, 0]);
});

describe('what others write around and in a block is passed over', () => {
  test.each([
    ['text before, between and after', `Bag Attributes\n    localKeyID: 01\n${block}subject=CN = a\n${block}bye`, 2],
    ['CRLF', block.replaceAll('\n', '\r\n'), 1],
    ['CR alone', block.replaceAll('\n', '\r'), 1],
    ['no final line feed', block.trimEnd(), 1],
    ['a byte order mark', `\ufeff${block}`, 1],
    ['indented lines', block.replaceAll(/^/gm, '  \t'), 1],
    ['one long line', block.replaceAll(/(?<=[^-])\n(?=[^-])/g, ''), 1],
    ['lines of 76', encodePem('CERTIFICATE', der).replaceAll(/(.{60})/g, '$1\n'), 1],
    ['an end without a beginning', `-----END CERTIFICATE-----\n${block}`, 1],
    ['no block at all', 'hello', 0],
    ['nothing', '', 0],
  ])('%s', (_, text, count) => {
    expect(decodePem(text)).toEqual(Array.from({ length: count }, () => ({ label: 'CERTIFICATE', der })));
  });

  test('headers of an encrypted key are given (RFC 1421)', () => {
    const lines = block.replaceAll('CERTIFICATE', 'RSA PRIVATE KEY').split('\n');
    lines.splice(1, 0, 'Proc-Type: 4,ENCRYPTED', 'DEK-Info: AES-256-CBC,00112233', '');
    const headers = new Map([
      ['Proc-Type', '4,ENCRYPTED'],
      ['DEK-Info', 'AES-256-CBC,00112233'],
    ]);
    expect(decodePem(lines.join('\n'))).toEqual([{ label: 'RSA PRIVATE KEY', der, headers }]);
  });
});

describe('a damaged block is refused', () => {
  test.each<[string, string, PemErrorCode, RegExp]>([
    ['no end', `\n${block.slice(0, 150)}`, 'truncated', /CERTIFICATE on line 2: expected a line "-----END CERTIFICATE-----"/],
    [
      'another end',
      block.replace('END CERT', 'END PERT'),
      'label',
      /CERTIFICATE on line 1: expected "-----END CERTIFICATE-----" on line 5/,
    ],
    ['another beginning', block.replace('-----END', '-----BEGIN'), 'label', /on line 5/],
    [
      'a beginning without its dashes',
      block.replace('CERTIFICATE-----', 'CERTIFICATE----'),
      'label',
      /expected "-----BEGIN LABEL-----" on line 1/,
    ],
    ['no label', block.replaceAll('CERTIFICATE', ''), 'label', /expected "-----BEGIN LABEL-----" on line 1/],
    ['a character missing', block.replace('AAEC', 'AAE'), 'base64', /CERTIFICATE on line 1: expected base 64/],
    ['a character that is none of base 64', block.replace('AAEC', 'AA*C'), 'base64', /base 64/],
    ['padding in the middle', block.replace('AAEC', 'AA=='), 'base64', /base 64/],
    ['nothing in it', '-----BEGIN X-----\n-----END X-----\n', 'base64', /X on line 1/],
    [
      'headers without an empty line',
      block.replace('\n', '\nDEK-Info: x\n'),
      'header',
      /CERTIFICATE on line 1: expected an empty line after the headers/,
    ],
  ])('%s', (_, text, code, message) => {
    expect(() => decodePem(text)).toThrow(errorLike('PemError', code, message));
  });

  test('more than the limits allow', () => {
    expect(() => decodePem(block, { characters: block.length - 1, blocks: 1 })).toThrow(errorLike('PemError', 'size', 'at most'));
    expect(() => decodePem(block + block, { characters: 1000, blocks: 1 })).toThrow(errorLike('PemError', 'size', 'at most'));
  });
});

describe('round trips', () => {
  test('any label and bytes', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Z0-9]+( [A-Z0-9]+)*$/), fc.uint8Array({ minLength: 1 }), (label, bytes) => {
        expect(decodePem(encodePem(label, bytes))).toEqual([{ label, der: bytes }]);
      }),
    );
  });

  testWithBundle("Debian's bundle of CAs comes out as it went in", () => {
    const bundle = debianBundle();
    const blocks = decodePem(bundle);
    expect(blocks.length).toBeGreaterThan(100);
    expect(blocks.map(({ label, der: bytes }) => encodePem(label, bytes)).join('')).toBe(bundle);
  });

  testWith('openssl')('OpenSSL reads what we write as we read it', () => {
    const bytes = openssl([
      'req',
      '-x509',
      '-newkey',
      'ed25519',
      '-nodes',
      '-keyout',
      newPath(),
      '-subj',
      '/CN=a',
      '-outform',
      'DER',
    ]).bytes;
    expect(openssl(['x509', '-outform', 'DER'], encodePem('CERTIFICATE', bytes)).bytes).toEqual(bytes);
    expect(decodePem(openssl(['x509', '-text', '-inform', 'DER'], bytes).text)).toEqual([{ label: 'CERTIFICATE', der: bytes }]);
  });
});

test('any text is read or refused with a PemError', () => {
  const pieces = fc.constantFrom('-----BEGIN ', '-----END ', 'X', '-----', '\n', '\r\n', 'AAEC', '=', ':', ' ', 'é');
  fc.assert(
    fc.property(fc.array(pieces), (parts) => {
      for (const blocks of unlessRefused([PemError], () => decodePem(parts.join('')))) {
        expect(blocks).not.toContainEqual(expect.objectContaining({ label: '' }));
        expect(blocks).not.toContainEqual(expect.objectContaining({ der: new Uint8Array() }));
      }
    }),
    { numRuns: 2000 },
  );
});
