import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from '../../scripts/tools.ts';
import { validatorFile, validatorSource } from '../../scripts/validators.ts';
import { bodyOf } from '../../src/rest/body.ts';
import { request } from './request.ts';

const read = (body: unknown, fields?: Readonly<Record<string, string>>) => bodyOf(request('POST', '/certificate/print', body, fields));

describe('the validator of bodies', () => {
  it('is what its schema says: `tsx scripts/write-validators.ts` writes it anew', () => {
    expect(readFileSync(join(root, validatorFile), 'utf8')).toBe(validatorSource());
  });

  it('compiles nothing and needs nothing at run time', () => {
    expect(validatorSource()).not.toMatch(/\brequire\(|\bimport\b|new Function|\beval\(/);
  });
});

describe('a body', () => {
  it('has strings, numbers, booleans, and lists of them', async () => {
    const body = { name: 'a', 'days-valid': 5, trusted: true, '.proplist': ['name', '.id'] };
    expect(await read(body)).toEqual(body);
  });

  it('may be left out, whatever its type is', async () => {
    expect(await bodyOf(request('POST', '/certificate/print', undefined, { 'Content-Type': 'text/plain' }))).toEqual({});
  });

  it.each(['[]', '"text"', '5', 'null', '{"a":null}', '{"a":{}}', '{"a":[[]]}', '{"a":[null]}', '{"a b":1}', '{"":1}'])(
    '%s is refused',
    async (body) => {
      await expect(read(body)).rejects.toMatchObject({ code: 400, message: expect.stringContaining('expected an object') });
    },
  );

  it.each([101, 10_000])('of %i arguments is refused', async (count) => {
    const body = Object.fromEntries(Array.from({ length: count }, (_, i) => [`a${i}`, 1]));
    await expect(read(body)).rejects.toMatchObject({ code: 400 });
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'application/json; charset=latin1', 'application/jsonp', ''])(
    'of the type %j is refused',
    async (type) => {
      await expect(read({}, { 'Content-Type': type })).rejects.toMatchObject({ code: 415 });
    },
  );

  it.each(['application/json', 'Application/JSON; charset=utf-8', 'application/json;charset="UTF-8"'])(
    'of the type %s is read',
    async (type) => {
      expect(await read({}, { 'Content-Type': type })).toEqual({});
    },
  );

  it('that is no UTF-8 is refused', async () => {
    await expect(read(Uint8Array.of(0x22, 0xff, 0x22))).rejects.toMatchObject({ code: 400, message: 'the body is no UTF-8' });
  });
});
