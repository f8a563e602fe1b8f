import { utf8 } from '../bytes/utf8.ts';
import type { Job } from '../job/job.ts';
import { encryptPrivateKey } from '../keys/encrypted.ts';
import { encodePem } from '../pem/pem.ts';
import type { GeneratedKey } from '../platform/keygen.ts';
import { signRequest } from '../x509/request.ts';
import { signerFor } from '../x509/signer.ts';
import { endEntityKeyUsageOf } from './defaults.ts';
import { CertificateError } from './errors.ts';
import { checkDigest } from './issue.ts';
import { checkUnchanged, templateWithId } from './lookup.ts';
import { newKey } from './new-key.ts';
import type { Context } from './ports.ts';
import { requestedExtensions } from './profile.ts';
import { readTemplate, type TemplateReading } from './template.ts';

/** How a request is made. */
export interface RequestOptions {
  /** Encrypts the private key; the key is written in the clear if it is empty. */
  readonly keyPassphrase: string;
  /** The challengePassword attribute (RFC 2985 5.4.1); none if it is empty. */
  readonly challengePassphrase: string;
}

/** The names are RouterOS'; the next request writes over them. */
const requestFile = 'certificate-request.pem';
const keyFile = 'certificate-request_key.pem';

/**
 * Makes a key and a request for what a template says, writes both to files and removes the template. Returns the names of the files.
 * A request asks to be a CA only if the template's key usage says so itself.
 */
export async function createRequest(context: Context, templateId: number, options: RequestOptions, job: Job): Promise<readonly string[]> {
  const template = templateWithId(context, templateId);
  return context.busy.hold(template, async () => {
    const reading = readTemplate(template.properties);
    if (reading.subject.length === 0 && reading.altNames.length === 0) {
      throw new CertificateError('no-name', 'a request has a subject or an alternative name: set common-name or subject-alt-name first');
    }
    checkDigest(reading.keyType, reading.digest);
    const key = await newKey(context, reading.keySize, job);
    try {
      const request = await requestFor(context, reading, key, options.challengePassphrase);
      const keyPem = await keyPemOf(context, key.privateKey, options.keyPassphrase, job);
      // Two at once would leave the key of one beside the request of the other.
      await context.busy.inTurn(async () => {
        checkUnchanged(context, template);
        await context.files.replace(keyFile, utf8(keyPem), { secret: true });
        await context.files.replace(requestFile, utf8(encodePem('CERTIFICATE REQUEST', request)));
      });
    } finally {
      key.privateKey.fill(0);
    }
    context.store.transact(() => {
      checkUnchanged(context, template);
      context.store.certificates.remove(template.id);
    });
    job.progress('done');
    return [requestFile, keyFile];
  });
}

async function requestFor({ crypto }: Context, reading: TemplateReading, key: GeneratedKey, challenge: string): Promise<Uint8Array> {
  const { subject, altNames, keyType, keyUsageIsDefault, digest } = reading;
  const keyUsage = keyUsageIsDefault ? endEntityKeyUsageOf(keyType) : reading.keyUsage;
  const request = await signRequest(
    {
      subject,
      publicKey: key.publicKey,
      requestedExtensions: requestedExtensions({ subject, altNames, keyUsage }),
      ...(challenge === '' ? {} : { challengePassword: challenge }),
    },
    signerFor(key.privateKey, digest, crypto),
  );
  return request.der;
}

async function keyPemOf(context: Context, privateKey: Uint8Array, passphrase: string, job: Job): Promise<string> {
  if (passphrase === '') return encodePem('PRIVATE KEY', privateKey);
  job.progress('encrypting key');
  return encodePem('ENCRYPTED PRIVATE KEY', await encryptPrivateKey(privateKey, passphrase, await context.encryptor(), job.cancel));
}
