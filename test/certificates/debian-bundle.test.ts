import { expect } from 'vitest';
import { silentJob } from '../../src/job/job.ts';
import { decodePem } from '../../src/pem/pem.ts';
import { debianBundle, testWithBundle } from '../debian-bundle.ts';
import { derOf, Router } from './router.ts';

testWithBundle('Debian’s bundle is imported whole, listed, and exported byte for byte', async () => {
  const router = await Router.start();
  const blocks = decodePem(debianBundle()).map(({ der }) => der);
  router.writeFile('bundle.crt', debianBundle());
  expect(await router.certificates.importFile({ fileName: 'bundle.crt' }, silentJob)).toMatchObject({
    certificatesImported: blocks.length,
    filesImported: 1,
  });
  const items = [...router.certificates.list()];
  expect(items.map((item) => item.name)).toEqual(blocks.map((_, n) => `bundle.crt_${n}`));
  expect(new Set(items.map((item) => item.fingerprint)).size).toBe(blocks.length);
  expect(items.filter((item) => item.flags.trusted && item.issuer !== undefined && item.keySize !== '')).toHaveLength(blocks.length);
  const ids = items.map((item) => item.id);
  const files = await router.certificates.exportCertificates(ids, {}, silentJob);
  expect(files.map((file) => derOf(router.readText(file)))).toEqual(blocks);
});
