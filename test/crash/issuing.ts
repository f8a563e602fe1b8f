import { equalBytes } from '../../src/bytes/bytes.ts';
import { utf8 } from '../../src/bytes/utf8.ts';
import { type Certificates, certificatesOf } from '../../src/certificates/certificates.ts';
import { silentJob } from '../../src/job/job.ts';
import { encodePem } from '../../src/pem/pem.ts';
import type { Databases } from '../../src/platform/database.ts';
import { FileError, type Files } from '../../src/platform/files.ts';
import { NodeClock } from '../../src/platform/node/clock.ts';
import { NodeCrypto } from '../../src/platform/node/crypto.ts';
import { NodeRandom } from '../../src/platform/node/random.ts';
import type { Store } from '../../src/store/store.ts';
import { decodeCertificate, signCertificate } from '../../src/x509/certificate.ts';
import { nameOf } from '../../src/x509/name.ts';
import { signerFor } from '../../src/x509/signer.ts';
import { openIn } from '../store/open-in.ts';
import { newKey } from '../x509/keys.ts';
import type { Workload } from './workload.ts';

const crypto = new NodeCrypto();

/**
 * Signs signed-n with the CA root, imports imported-n with its key, and removes the CA sub-n with leaf-n below it: for n = 1, 2 …, one n a
 * run. A certificate without its own key, a leaf without its CA, or less than was acknowledged is a command that was done in part.
 */
export const workload: Workload = {
  async prepare(folder, databases) {
    const router = await open(folder, databases);
    await issue(router.certificates, 'root');
    await setUp(router, 1);
    router.store.close();
  },

  async run(folder, databases, acknowledge) {
    const router = await open(folder, databases);
    const { certificates } = router;
    let n = 1;
    while (has(certificates, `imported-${n}`) && !has(certificates, `sub-${n}`)) n++;
    await setUp(router, n);
    const signed = certificates.withName(`signed-${n}`);
    if (signed?.kind === 'template') await certificates.sign(signed.id, { ca: idOf(certificates, 'root') }, silentJob);
    acknowledge(`signed ${n}`);
    if (!has(certificates, `imported-${n}`)) await certificates.importFile({ fileName: `imported-${n}`, name: `imported-${n}` }, silentJob);
    acknowledge(`imported ${n}`);
    certificates.remove([idOf(certificates, `sub-${n}`)]);
    acknowledge(`removed ${n}`);
    router.store.close();
  },

  async check(folder, acknowledged) {
    const router = await open(folder);
    try {
      checkEach(router);
      for (const done of acknowledged) checkDone(router.certificates, done);
      // What is there must also be of use.
      await issue(router.certificates, 'checked', 'root');
      router.certificates.remove([idOf(router.certificates, 'checked')]);
    } finally {
      router.store.close();
    }
  },
};

interface Router {
  readonly store: Store;
  readonly certificates: Certificates;
}

async function open(folder: string, databases?: Databases): Promise<Router> {
  const store = await openIn(folder, databases === undefined ? {} : { databases });
  const certificates = certificatesOf({
    store,
    files: importable,
    clock: new NodeClock(),
    crypto,
    random: new NodeRandom(),
    keyGenerator: { name: 'test', expectedSeconds: () => 0, generate: async () => newKey('prime256v1') },
    builtAt: 0,
    log: () => undefined,
  });
  return { store, certificates };
}

/** What n begins with: a template signed-n, and the CA sub-n that issued leaf-n. Nothing once it was begun. */
async function setUp({ certificates }: Router, n: number): Promise<void> {
  if (certificates.withName(`signed-${n}`)?.kind === 'certificate') return;
  if (!has(certificates, `sub-${n}`)) await issue(certificates, `sub-${n}`, 'root');
  if (!has(certificates, `leaf-${n}`)) await issue(certificates, `leaf-${n}`, `sub-${n}`);
  if (!has(certificates, `signed-${n}`)) add(certificates, `signed-${n}`);
}

function add(certificates: Certificates, name: string): number {
  return certificates.add({ name, commonName: name, keySize: 'prime256v1' });
}

/** Adds and signs under a name that stands for a whole certificate: it is given at the signature. */
async function issue(certificates: Certificates, name: string, ca?: string): Promise<void> {
  const draft = certificates.withName('draft')?.id ?? add(certificates, 'draft');
  await certificates.sign(draft, { name, ...(ca === undefined ? {} : { ca: idOf(certificates, ca) }) }, silentJob);
}

function has(certificates: Certificates, name: string): boolean {
  return certificates.withName(name) !== undefined;
}

function idOf(certificates: Certificates, name: string): number {
  const item = certificates.withName(name);
  if (item === undefined) throw new Error(`${name} is gone`);
  return item.id;
}

/** Every certificate has its own key, and its CA. */
function checkEach({ store, certificates }: Router): void {
  for (const { id, name, kind, ca, flags } of certificates.list()) {
    if (kind === 'template') continue;
    const keyId = store.certificates.byId(id)?.contents?.privateKeyId;
    const key = keyId === undefined ? undefined : store.privateKeys.open(keyId);
    const { publicKey } = decodeCertificate(store.certificates.der(id) ?? new Uint8Array(0));
    if (key === undefined || !equalBytes(crypto.publicKeyOf(key), publicKey)) throw new Error(`${name} has not its own key`);
    if (flags.issued && ca === undefined) throw new Error(`${name} has lost its CA`);
  }
}

function checkDone(certificates: Certificates, done: string): void {
  const [what, n] = done.split(' ');
  if (what === 'removed') {
    for (const name of [`sub-${n}`, `leaf-${n}`])
      if (has(certificates, name)) throw new Error(`${name} was removed, as acknowledged, and is there`);
  } else if (certificates.withName(`${what}-${n}`)?.kind !== 'certificate') {
    throw new Error(`${what}-${n} was acknowledged and is gone`);
  }
}

/** Files that are made as they are read: each a certificate with its key. */
const importable: Files = {
  async read(name) {
    const key = newKey('prime256v1');
    const subject = nameOf({ commonName: name });
    const notBefore = Math.floor(Date.now() / 1000);
    const certificate = await signCertificate(
      {
        serialNumber: Uint8Array.of(1),
        issuer: subject,
        subject,
        notBefore,
        notAfter: notBefore + 86_400,
        publicKey: key.publicKey,
        extensions: [],
      },
      signerFor(key.privateKey, 'sha256', crypto),
    );
    return utf8(encodePem('CERTIFICATE', certificate.der) + encodePem('PRIVATE KEY', key.privateKey));
  },
  remove: async () => undefined,
  list: async () => [],
  status: (name) => refuse(name),
  replace: (name) => refuse(name),
  makeFolder: (name) => refuse(name),
  rename: (name) => refuse(name),
};

function refuse(name: string): Promise<never> {
  return Promise.reject(new FileError('failed', name, 'no such operation in this workload'));
}
