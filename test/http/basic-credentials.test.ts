import { describe, expect, it } from 'vitest';
import { basicCredentials } from '../../src/http/basic-credentials.ts';
import { Headers } from '../../src/http/headers.ts';

const said = (...values: string[]) => basicCredentials(new Headers(values.map((value) => ['Authorization', value])));
const basic = (text: string | Uint8Array) => `Basic ${Buffer.from(text as string).toString('base64')}`;

describe('credentials', () => {
  it('are a name and a password', () => {
    expect(said('Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==')).toEqual({ name: 'Aladdin', password: 'open sesame' });
    expect(said(basic('ann:a:b').replace('Basic', 'bAsIc'))).toEqual({ name: 'ann', password: 'a:b' });
    expect(said(basic('test:123£'))).toEqual({ name: 'test', password: '123£' });
    expect(said(basic(':'))).toEqual({ name: '', password: '' });
  });

  it.each([
    ['nothing', []],
    ['another scheme', ['Bearer QWxhZGRpbjpvcGVuIHNlc2FtZQ==']],
    ['no base 64', ['Basic a:b']],
    ['base 64 with a rest', ['Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==x']],
    ['no colon', [basic('ann')]],
    ['no UTF-8', [basic(Uint8Array.of(0x61, 0x3a, 0xff))]],
    ['two of them', [basic('a:b'), basic('a:b')]],
  ])('are not there in %s', (_, fields) => {
    expect(said(...fields)).toBeUndefined();
  });
});
