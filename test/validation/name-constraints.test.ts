import { describe, expect, test } from 'vitest';
import { validate } from '../../src/validation/validate.ts';
import { encodeSubjectAltName } from '../../src/x509/extensions.ts';
import type { GeneralName } from '../../src/x509/general-names.ts';
import { parseIpPrefix } from '../../src/x509/ip-address.ts';
import { nameOf } from '../../src/x509/name.ts';
import { encodeNameConstraints, type NameConstraints } from '../../src/x509/name-constraints.ts';
import { crypto } from '../x509/samples.ts';
import { certify, certifyServer, party, requestFor } from './authorities.ts';
import { outcomeOf } from './outcome.ts';

const root = party('Root');

async function outcome(constraints: NameConstraints, name: GeneralName): Promise<string> {
  const anchor = await certify(root, root, { extensions: [encodeNameConstraints(constraints)] });
  const server = await certify(root, party('server'), { ca: false, extensions: [encodeSubjectAltName([name])] });
  return (await outcomeOf(() => validate(requestFor(server, [anchor]), crypto))).split(':', 1)[0] ?? '';
}

const dns = (value: string): GeneralName => ({ type: 'dns', value });
const email = (value: string): GeneralName => ({ type: 'email', value });
const uri = (value: string): GeneralName => ({ type: 'uri', value });
const ip = (...octets: number[]): GeneralName => ({ type: 'ip', bytes: Uint8Array.from(octets) });
const range = (text: string): GeneralName => ({ type: 'ip', bytes: parseIpPrefix(text) ?? new Uint8Array() });
const directory = (commonName: string): GeneralName => ({ type: 'directory', name: nameOf({ commonName }) });

describe('within', () => {
  test.each([
    [dns('a.example'), dns('a.example')],
    [dns('a.example'), dns('A.Example')],
    [dns('a.example'), dns('b.a.example')],
    [dns('a.example'), dns('*.a.example')],
    [dns(''), dns('a.example')],
    [email('x@a.example'), email('x@A.example')],
    [email('a.example'), email('x@a.example')],
    [email('.a.example'), email('x@b.a.example')],
    [uri('a.example'), uri('https://x@a.example:8443/b')],
    [uri('.a.example'), uri('https://b.a.example')],
    [range('192.0.2.0/24'), ip(192, 0, 2, 7)],
    [range('0.0.0.0/0'), ip(192, 0, 2, 7)],
  ])('%o: %o is permitted, and excluded', async (base, name) => {
    expect(await outcome({ permitted: [base], excluded: [] }, name)).toBe('valid');
    expect(await outcome({ permitted: [], excluded: [base] }, name)).toBe('name-constraints');
  });
});

describe('outside of', () => {
  test.each([
    [dns('a.example'), dns('ba.example')],
    [dns('a.example'), dns('example')],
    [dns('b.a.example'), dns('*.example')],
    [email('x@a.example'), email('X@a.example')],
    [email('a.example'), email('x@b.a.example')],
    [email('.a.example'), email('x@a.example')],
    [uri('a.example'), uri('https://b.a.example/a.example')],
    [range('192.0.2.0/24'), ip(192, 0, 3, 7)],
    [range('192.0.2.0/24'), ip(...Array.from({ length: 16 }, () => 0))],
    [directory('Elsewhere'), directory('Other')],
  ])('%o: %o is not permitted, and not excluded', async (base, name) => {
    expect(await outcome({ permitted: [base], excluded: [] }, name)).toBe('name-constraints');
    expect(await outcome({ permitted: [], excluded: [base] }, name)).toBe('valid');
  });
});

describe('a name that may be within, or can not be understood,', () => {
  test.each([
    [dns('a.example'), dns('*.example')],
    [dns('a.example'), dns('b*.example')],
    [email('a.example'), email('x@y@a.example')],
    [uri('a.example'), uri('urn:a:b')],
    [uri('a.example'), uri('https://192.0.2.1/')],
  ])('%o: %o is neither permitted nor let through', async (base, name) => {
    expect(await outcome({ permitted: [base], excluded: [] }, name)).toBe('name-constraints');
    expect(await outcome({ permitted: [], excluded: [base] }, name)).toBe('name-constraints');
  });
});

test('constraints of one kind leave names of other kinds alone', async () => {
  expect(await outcome({ permitted: [dns('a.example')], excluded: [email('a.example')] }, ip(192, 0, 2, 1))).toBe('valid');
});

test.each(['*.a.example', '.a.example', 'a..example'])('a constraint %s is malformed', async (base) => {
  expect(await outcome({ permitted: [dns(base)], excluded: [] }, dns('a.example'))).toBe('malformed');
});

test('every CA of a path narrows what the one above it permits', async () => {
  const intermediate = party('Intermediate');
  const permit = (...names: string[]) => ({
    extensions: [encodeNameConstraints({ permitted: names.map((name) => dns(name)), excluded: [] })],
  });
  const anchor = await certify(root, root, permit('a.example', 'b.example'));
  const link = await certify(root, intermediate, permit('b.example', 'c.example'));
  const outcomes = ['a.example', 'b.example', 'c.example'].map(async (name) => {
    const server = await certifyServer(intermediate, { alternativeNames: `DNS:${name}` });
    return outcomeOf(() => validate(requestFor(server, [anchor], [link]), crypto));
  });
  expect(await Promise.all(outcomes)).toEqual([
    'name-constraints: CN=server: its dns name is not permitted by nameConstraints of CN=Intermediate',
    'valid',
    'name-constraints: CN=server: its dns name is not permitted by nameConstraints of CN=Root',
  ]);
});

test('thousands of constraints and of names are given up on', async () => {
  const many = Array.from({ length: 1000 }, (_, i) => dns(`${i}.example`));
  const anchor = await certify(root, root, { extensions: [encodeNameConstraints({ permitted: many, excluded: [] })] });
  const server = await certify(root, party('server'), { ca: false, extensions: [encodeSubjectAltName(many)] });
  expect(await outcomeOf(() => validate(requestFor(server, [anchor]), crypto))).toBe('limit: gave up: too many comparisons to look at');
});
