import { describe, expect, it } from 'vitest';
import { hostOf, resolved, urlOf } from '../../src/http/url.ts';

describe('a URL', () => {
  it.each([
    ['http://router.lan', { scheme: 'http', host: 'router.lan', port: 80, target: '/' }],
    ['HTTPS://CA.Example.com:8443/dir/a?b=c&d#e', { scheme: 'https', host: 'ca.example.com', port: 8443, target: '/dir/a?b=c&d' }],
    ['http://[2001:db8::1]:8080/x', { scheme: 'http', host: '2001:db8::1', port: 8080, target: '/x' }],
    ['http://192.0.2.1?q', { scheme: 'http', host: '192.0.2.1', port: 80, target: '/?q' }],
  ])('%s', (text, url) => {
    expect(urlOf(text)).toEqual(url);
  });

  it.each([
    '',
    'router.lan',
    'ftp://router.lan/',
    'file:///etc/passwd',
    'http://',
    'http:///x',
    'http://a:b@router.lan/',
    'http://router.lan:99999/',
    'http://router.lan:x/',
    'http://rou ter.lan/',
    'http://router.lan/a b',
    'http://router.lan/a\r\nX: y',
    'http://router.lan\\@elsewhere/',
    'http://[::1/',
    'http://é.lan/',
  ])('is none: %j', (text) => {
    expect(() => urlOf(text)).toThrow(expect.objectContaining({ name: 'HttpError' }));
  });

  it.each(['http://router.lan/', 'https://router.lan:8443/', 'http://[::1]:81/x'])('is sent to its host: %s', (text) => {
    expect(hostOf(urlOf(text))).toBe(new URL(text).host);
  });

  it.each([
    'https://other.example/x',
    '//other.example/y?z',
    '/top',
    'beside',
    './beside',
    '../up?q=1',
    '../../../../far',
    'folder/',
    '.',
    '..',
    '?other',
    '',
    '#here',
    'a/./b/../c',
  ])('leads where browsers go: %j', (link) => {
    const base = 'https://ca.example/dir/sub/file.crl?old';
    const there = resolved(urlOf(base), link);
    const expected = new URL(link, base);
    expected.hash = '';
    expect(`${there.scheme}://${hostOf(there)}${there.target}`).toBe(expected.href);
  });

  it.each(['javascript:alert(1)', 'mailto:a@b', 'ftp://x/', '/a b', '/a\nb'])('does not lead to %j', (link) => {
    expect(() => resolved(urlOf('http://a/'), link)).toThrow(expect.objectContaining({ name: 'HttpError' }));
  });
});
