import { describe, expect, it } from 'vitest';
import type { Store } from '../../src/store/store.ts';
import type { StoredContents, StoredProperties } from '../../src/store/stored-certificate.ts';
import { newStore } from './opened.ts';

const template: StoredProperties = {
  commonName: 'a, "b"',
  country: 'LV',
  state: 's',
  locality: 'l',
  organization: 'o',
  unit: 'u',
  subjectAltNames: ['DNS:a.example', 'dirName:CN=a,O=b'],
  keySize: '2048',
  keyUsage: ['key-cert-sign', 'tls-server'],
  daysValid: 30,
  digestAlgorithm: 'sha384',
  trusted: false,
  trustStore: ['dns', 'fetch'],
};

const nothing: StoredProperties = {
  commonName: undefined,
  country: undefined,
  state: undefined,
  locality: undefined,
  organization: undefined,
  unit: undefined,
  subjectAltNames: undefined,
  keySize: undefined,
  keyUsage: undefined,
  daysValid: undefined,
  digestAlgorithm: undefined,
  trusted: undefined,
  trustStore: undefined,
};

const contents: StoredContents = {
  der: Uint8Array.of(0x30, 1, 2),
  fingerprint: 'ab'.repeat(32),
  keyType: 'rsa',
  serialNumber: '7f01',
  issuer: 'CN=x',
  invalidBefore: -5,
  invalidAfter: 253_402_300_799,
  skid: 'AB',
  akid: '',
  publicKeyId: 'cd'.repeat(32),
  privateKeyId: undefined,
  caId: undefined,
  caCrlHost: 'h1,h2',
  maySign: true,
  hasCrl: false,
  madeHere: true,
  revokedAt: 17,
};

const names = (store: Store): string[] => [...store.certificates.all()].map((item) => item.name);

describe('a stored template', () => {
  it.each([
    ['with everything set', template],
    ['with nothing set', nothing],
    ['with empty lists', { ...nothing, subjectAltNames: [], keyUsage: [], trustStore: [] }],
  ])('is read as it was written %s', async (_, properties) => {
    const store = await newStore();
    const id = store.transact(() => store.certificates.add('a', properties));
    const read = store.certificates.byId(id);
    expect(read?.properties).toEqual(properties);
    expect([read?.name, read?.isTemplate, read?.contents, store.certificates.der(id)]).toEqual(['a', true, undefined, undefined]);
  });
});

describe('a stored certificate', () => {
  it('is read as it was written, its bytes on their own', async () => {
    const store = await newStore();
    const id = store.transact(() => store.certificates.add('a', template, contents));
    const { der, ...shown } = contents;
    expect(store.certificates.byName('a')?.contents).toEqual(shown);
    expect(store.certificates.der(id)).toEqual(der);
  });

  it('takes the place of its template and goes to the end', async () => {
    const store = await newStore();
    const id = store.transact(() => store.certificates.add('a', template));
    store.transact(() => store.certificates.add('b', template));
    store.transact(() => {
      store.certificates.replaceContents(id, contents);
      store.certificates.moveToEnd(id);
    });
    expect(names(store)).toEqual(['b', 'a']);
    expect(store.certificates.byId(id)?.isTemplate).toBe(false);
  });

  it('is found by its key, its key identifier, its common name and its end', async () => {
    const store = await newStore();
    store.transact(() => {
      store.certificates.add('template', template);
      store.certificates.add('a', template, { ...contents, revokedAt: undefined });
      store.certificates.add('other', nothing, { ...contents, publicKeyId: '00', skid: 'CC' });
    });
    const { certificates } = store;
    const found = [
      certificates.byPublicKey(contents.publicKeyId),
      certificates.bySubjectKeyIdentifier('AB'),
      certificates.certificatesWithCommonName('a, "b"'),
      certificates.endingBetween(contents.invalidAfter, contents.invalidAfter + 1),
    ];
    expect(found.map((items) => items.map((item) => item.name))).toEqual([['a'], ['a'], ['a'], ['a']]);
    expect(certificates.certificatesWithCommonName(undefined).map((item) => item.name)).toEqual(['other']);
    expect(certificates.endingBetween(0, contents.invalidAfter)).toEqual([]);
  });

  it('can not refer to a CA that is not there', async () => {
    const store = await newStore();
    expect(() => store.transact(() => store.certificates.add('a', template, { ...contents, caId: 7 }))).toThrow('contradicts');
    expect(names(store)).toEqual([]);
  });

  it('can not lose the CA that it refers to, unless it goes too', async () => {
    const store = await newStore();
    const [ca, leaf] = store.transact(() => {
      const ca = store.certificates.add('ca', template, contents);
      return [ca, store.certificates.add('leaf', template, { ...contents, caId: ca })] as const;
    });
    expect(store.certificates.issuedBy(ca).map((item) => item.id)).toEqual([leaf]);
    expect(() => store.transact(() => store.certificates.remove(ca))).toThrow('contradicts');
    store.transact(() => {
      store.certificates.remove(ca);
      store.certificates.remove(leaf);
    });
    expect(names(store)).toEqual([]);
  });
});

describe('going through all certificates', () => {
  it('keeps the order of print over more than one page, and may be interrupted by changes', async () => {
    const store = await newStore();
    const all = Array.from({ length: 600 }, (_, n) => `n${n}`);
    store.transact(() => all.map((name) => store.certificates.add(name, nothing)));
    const seen: string[] = [];
    for (const item of store.certificates.all()) {
      seen.push(item.name);
      store.transact(() => store.certificates.replaceProperties(item.id, `${item.name}!`, nothing));
    }
    expect(seen).toEqual(all);
    expect(store.certificates.names()).toEqual(all.map((name) => `${name}!`));
  });

  it('can be done twice at once', async () => {
    const store = await newStore();
    store.transact(() => ['a', 'b'].map((name) => store.certificates.add(name, nothing)));
    const pairs = [...store.certificates.all()].flatMap((one) => [...store.certificates.all()].map((other) => one.name + other.name));
    expect(pairs).toEqual(['aa', 'ab', 'ba', 'bb']);
  });
});

describe('a private key', () => {
  it('is stored sealed and read in the clear', async () => {
    const store = await newStore();
    const id = store.transact(() => store.privateKeys.add(Uint8Array.of(1, 2, 3), true));
    expect(store.privateKeys.open(id)).toEqual(Uint8Array.of(1, 2, 3));
    expect(store.privateKeys.open(id + 1)).toBeUndefined();
  });

  it('that may not be exported never may again', async () => {
    const store = await newStore();
    const id = store.transact(() => store.privateKeys.add(Uint8Array.of(1), true));
    expect(store.privateKeys.isExportable(id)).toBe(true);
    store.transact(() => store.privateKeys.forbidExport(id));
    expect(store.privateKeys.isExportable(id)).toBe(false);
  });

  it('goes when no certificate has it any more', async () => {
    const store = await newStore();
    const [used, unused] = store.transact(() => [1, 2].map((byte) => store.privateKeys.add(Uint8Array.of(byte), true)));
    store.transact(() => {
      store.certificates.add('a', template, contents);
      store.certificates.giveKey(contents.publicKeyId, Number(used));
      store.privateKeys.removeUnused();
    });
    expect([store.privateKeys.open(Number(used)), store.privateKeys.open(Number(unused))]).toEqual([Uint8Array.of(1), undefined]);
  });
});

describe('the number of a CA key', () => {
  it('is the next, once and for ever', async () => {
    const store = await newStore();
    expect([store.caNumbers.of('aa'), store.caNumbers.next()]).toEqual([undefined, 1]);
    store.transact(() => {
      store.caNumbers.add('aa');
      store.caNumbers.add('bb');
    });
    expect([store.caNumbers.of('aa'), store.caNumbers.of('bb'), store.caNumbers.next()]).toEqual([1, 2, 3]);
  });
});

describe('a revocation', () => {
  it('is found by its CA’s key, and by its serial number', async () => {
    const store = await newStore();
    const one = { issuerKeyId: 'aa', serialNumber: Uint8Array.of(2), revokedAt: 5, reason: 'superseded', invalidAfter: 9 };
    const other = { ...one, serialNumber: Uint8Array.of(1), reason: undefined };
    store.transact(() => [one, other].map((each) => store.revocations.add(each)));
    expect(store.revocations.of('aa')).toEqual([other, one]);
    expect(store.revocations.of('bb')).toEqual([]);
    expect(store.revocations.timeOf(Uint8Array.of(2))).toBe(5);
    expect(store.revocations.timeOf(Uint8Array.of(3))).toBeUndefined();
  });
});
