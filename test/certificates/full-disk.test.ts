import { describe, expect, it } from 'vitest';
import { silentJob } from '../../src/job/job.ts';
import { canMount, withTmpfs } from '../platform/tmpfs.ts';
import { Router } from './router.ts';

/** A router on a disk of its own, with a CA and a template, on which there is no room left. */
async function onFullDisk(work: (router: Router) => Promise<void>): Promise<void> {
  await withTmpfs('size=2m', async (folder) => {
    const router = await Router.startIn(folder);
    try {
      await router.newCa('root');
      router.add({ name: 'server', commonName: 'server' });
      router.writeFile('again.crt', router.pem('root'));
      router.fillDisk();
      await work(router);
    } finally {
      router.store.close();
    }
  });
}

const noRoom = 'no room left on the disk that holds the store: nothing was changed';

describe.runIf(canMount)('on a full disk', () => {
  it('signing says so, leaves the template whole and wipes the key', () =>
    onFullDisk(async (router) => {
      expect(await router.refusal(() => router.sign('server', { ca: 'root' }))).toContain(noRoom);
      expect(router.keyGenerator.made.every(({ privateKey }) => privateKey.every((byte) => byte === 0))).toBe(true);
    }));

  it('an import says so and keeps the file', () =>
    onFullDisk(async (router) => {
      const importing = () => router.certificates.importFile({ fileName: 'again.crt', trusted: false }, silentJob);
      expect(await router.refusal(importing)).toContain(noRoom);
      expect(router.hasFile('again.crt')).toBe(true);
    }));

  it('a removal says so and removes nothing', () =>
    onFullDisk(async (router) => {
      expect(await router.refusal(() => router.certificates.remove([router.item('root').id]))).toContain(noRoom);
    }));

  it('an export says so, and no part of a file is left', () =>
    onFullDisk(async (router) => {
      const exporting = () => router.certificates.exportCertificates([router.item('root').id], {}, silentJob);
      expect(await router.refusal(exporting)).toBe('no room left on the disk: cert_export_root.crt');
      expect(router.hasFile('cert_export_root.crt')).toBe(false);
    }));

  it('a request is not made, and its template stays', () =>
    onFullDisk(async (router) => {
      const options = { keyPassphrase: '', challengePassphrase: '' };
      const requesting = () => router.certificates.createRequest(router.item('server').id, options, silentJob);
      expect(await router.refusal(requesting)).toBe('no room left on the disk: certificate-request_key.pem');
    }));
});
