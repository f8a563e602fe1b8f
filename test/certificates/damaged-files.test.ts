import { describe, expect, it } from 'vitest';
import { CertificateError } from '../../src/certificates/errors.ts';
import { silentJob } from '../../src/job/job.ts';
import { flipped } from '../bytes.ts';
import { pemOf, Router } from './router.ts';

/** Some cuts and some flipped bits of a file: the codecs are tested with all of them. */
function damaged(file: Uint8Array, every: number): Uint8Array[] {
  const steps = (length: number, step: number): number[] => Array.from({ length: Math.floor(length / step) }, (_, n) => n * step);
  return [
    ...steps(file.length, every).map((length) => file.slice(0, length)),
    ...steps(file.length * 8, every * 5 + 1).map((bit) => flipped(file, bit)),
  ];
}

/** Imports each file and removes again what came of it. Throws for any error but those that name the file. */
async function importAll(router: Router, files: readonly Uint8Array[], passphrase: string): Promise<{ refused: number; read: number }> {
  const before = router.snapshot();
  const outcome = { refused: 0, read: 0 };
  for (const file of files) {
    router.writeFile('x', file);
    try {
      await router.certificates.importFile({ fileName: 'x', passphrase, trusted: true }, silentJob);
      outcome.read++;
      const added = [...router.certificates.list()].filter((item) => item.name.startsWith('x_'));
      router.certificates.remove(added.map((item) => item.id));
    } catch (error) {
      if (!(error instanceof CertificateError) || !error.message.startsWith('x')) throw error;
      outcome.refused++;
    }
  }
  if (router.snapshot() !== before) throw new Error('the store was changed');
  return outcome;
}

describe('a damaged file', () => {
  const kinds: [string, number, (router: Router) => Promise<Uint8Array> | Uint8Array][] = [
    ['a certificate in DER', 7, (router) => router.der('server')],
    ['PEM of key and certificate', 11, (router) => Buffer.from(pemOf('PRIVATE KEY', router.privateKey('server')) + router.pem('server'))],
    [
      'PKCS#12',
      97,
      async (router) => {
        const options = { type: 'pkcs12', fileName: 'p', exportPassphrase: 'yourpassphrase' } as const;
        await router.certificates.exportCertificates([router.item('server').id], options, silentJob);
        return router.readFile('p.p12');
      },
    ],
  ];

  it.each(kinds)('of %s is read or refused by its name, and changes nothing beside', async (_, every, content) => {
    const [router, other] = [await Router.start(), await Router.start()];
    await router.newCa('mine');
    await other.newCa('root');
    await other.issue('server', 'root', { subjectAltNames: ['DNS:a.example', 'IP:10.0.0.1'] });
    const files = damaged(await content(other), every);
    const { refused, read } = await importAll(router, files, 'yourpassphrase');
    expect(refused).toBeGreaterThan(files.length / 10);
    expect(refused + read).toBe(files.length);
  });
});
