import { utf8 } from '../../src/bytes/utf8.ts';
import { encodePkcs12 } from '../../src/keys/pkcs12.ts';
import { encodePem } from '../../src/pem/pem.ts';
import { neverCancelled } from '../../src/platform/cancel.ts';
import { FileError, type Files } from '../../src/platform/files.ts';
import { NodeCrypto } from '../../src/platform/node/crypto.ts';
import { NodeRandom } from '../../src/platform/node/random.ts';
import { signCertificate } from '../../src/x509/certificate.ts';
import { nameOf } from '../../src/x509/name.ts';
import { signRequest } from '../../src/x509/request.ts';
import { type Signer, signerFor } from '../../src/x509/signer.ts';
import { newKey, type TestKey } from '../x509/keys.ts';

export const passphrase = 'of the file';

const crypto = new NodeCrypto();

/** What comes from elsewhere, made anew each time it is read: `chain.p12` (a certificate, its key and two above it) and `request.csr`. */
export const arrivals: Files = {
  read: (name) => (name === 'chain.p12' ? chain() : request()),
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

async function chain(): Promise<Uint8Array> {
  const [root, sub, leaf] = [newKey('prime256v1'), newKey('prime256v1'), newKey('prime256v1')];
  const contents = {
    privateKey: leaf.privateKey,
    certificate: await certificate('leaf', leaf, 'sub', sub),
    chain: [await certificate('sub', sub, 'root', root), await certificate('root', root, 'root', root)],
    friendlyName: 'leaf',
  };
  return encodePkcs12(contents, passphrase, { crypto, random: new NodeRandom(), rounds: 1000 }, neverCancelled);
}

async function certificate(subject: string, key: TestKey, issuer: string, issuerKey: TestKey): Promise<Uint8Array> {
  const notBefore = Math.floor(Date.now() / 1000);
  const { der } = await signCertificate(
    {
      serialNumber: Uint8Array.of(1),
      issuer: nameOf({ commonName: `elsewhere ${issuer}` }),
      subject: nameOf({ commonName: `elsewhere ${subject}` }),
      notBefore,
      notAfter: notBefore + 86_400,
      publicKey: key.publicKey,
      extensions: [],
    },
    signer(issuerKey),
  );
  return der;
}

async function request(): Promise<Uint8Array> {
  const key = newKey('prime256v1');
  const info = { subject: nameOf({ commonName: 'elsewhere' }), publicKey: key.publicKey, requestedExtensions: [] };
  return utf8(encodePem('CERTIFICATE REQUEST', (await signRequest(info, signer(key))).der));
}

function signer({ privateKey }: TestKey): Signer {
  return signerFor(privateKey, 'sha256', crypto);
}
