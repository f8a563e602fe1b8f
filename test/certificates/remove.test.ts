import { describe, expect, it } from 'vitest';
import { Router } from './router.ts';

/** root → sub → (server, client), root → other; alone; template */
async function family(): Promise<Router> {
  const router = await Router.start();
  await router.newCa('root');
  await router.issue('sub', 'root', { keyUsage: ['key-cert-sign', 'crl-sign'] });
  await router.issue('server', 'sub');
  await router.issue('client', 'sub');
  await router.issue('other', 'root');
  await router.newCa('alone');
  router.add({ name: 'template' });
  return router;
}

describe('removing a CA', () => {
  it('says beforehand what goes with it', async () => {
    const router = await family();
    const names = router.certificates.chainOf([router.item('root').id]).map((item) => item.name);
    expect(names.toSorted()).toEqual(['client', 'other', 'root', 'server', 'sub']);
    expect(router.names()).toHaveLength(7);
  });

  it('takes everything that it issued, directly and indirectly', async () => {
    const router = await family();
    expect(router.certificates.remove([router.item('root').id])).toBe(5);
    expect(router.names()).toEqual(['alone', 'template']);
    expect(router.log).toEqual(['certificate warning: 5 certificates were removed: 1 and 4 issued below']);
  });

  it('says nothing of items that issued nothing', async () => {
    const router = await family();
    const ids = ['alone', 'template'].map((name) => router.item(name).id);
    expect(router.certificates.remove(ids)).toBe(2);
    expect(router.log).toEqual([]);
  });

  it('takes the private keys too', async () => {
    const router = await family();
    const key = Number(router.contents('server').privateKeyId);
    expect(router.store.privateKeys.isExportable(key)).toBe(true);
    router.certificates.remove([router.item('sub').id]);
    expect(router.store.privateKeys.open(key)).toBeUndefined();
    expect(router.names()).toEqual(['root', 'other', 'alone', 'template']);
  });

  it('counts an item once, however often it is named', async () => {
    const router = await family();
    const ids = ['server', 'root', 'sub', 'server'].map((name) => router.item(name).id);
    expect(router.certificates.chainOf(ids)).toHaveLength(5);
    expect(router.certificates.remove(ids)).toBe(5);
  });

  it('takes nothing while a command works on one of the chain', async () => {
    const router = await family();
    router.keyGenerator.meanwhile = () => {
      const ids = ['root', 'template'].map((name) => router.item(name).id);
      expect(() => router.certificates.remove(ids)).toThrow('template is busy: another command works on it');
    };
    router.certificates.set([router.item('template').id], { commonName: 'template' });
    await router.sign('template');
    expect(router.names()).toHaveLength(7);
  });

  it('of an item that is not there takes nothing of the others', async () => {
    const router = await family();
    expect(() => router.certificates.remove([router.item('alone').id, 99])).toThrow('no such item');
    expect(router.names()).toHaveLength(7);
  });
});

describe('an id', () => {
  it('is never used again', async () => {
    const router = await family();
    const id = router.item('template').id;
    router.certificates.remove([id]);
    expect(router.add({ name: 'next' })).toBe(id + 1);
  });
});
