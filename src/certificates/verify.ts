import { hex } from '../bytes/hex.ts';
import type { Job } from '../job/job.ts';
import type { Instant } from '../platform/clock.ts';
import { ValidationError } from '../validation/errors.ts';
import type { Purpose } from '../validation/purpose.ts';
import { validate } from '../validation/validate.ts';
import { type Certificate, decodeCertificate } from '../x509/certificate.ts';
import { formatName, nameKey, subjectFields } from '../x509/name.ts';
import { readBundle, wipe } from './bundle.ts';
import type { Link } from './chain.ts';
import { authorityKeyIdOf, publicKeyIdOf } from './contents.ts';
import { certificateOf } from './decoded.ts';
import { CertificateError } from './errors.ts';
import { itemWithId } from './lookup.ts';
import type { Context } from './ports.ts';

/** What `/certificate/verify` is asked: about an item, or about the first certificate of a file, whose others may help. */
export interface VerifyOptions {
  readonly id?: number | undefined;
  readonly fileName?: string | undefined;
  /** Any if left out. */
  readonly purpose?: Purpose | undefined;
  /** A domain name or an IP address. */
  readonly host?: string | undefined;
  /** Now if left out. */
  readonly at?: Instant | undefined;
}

/** A certificate of the chain that was built. */
export interface VerifiedLink {
  readonly subject: string;
  /** SHA-256, as print shows it. */
  readonly fingerprint: string;
  readonly invalidAfter: Instant;
  /** Name of the item; undefined for a certificate of the file alone. */
  readonly item: string | undefined;
  readonly trusted: boolean;
}

/** Longest file read, in bytes: a chain, with the key that may be beside it. */
const largestFile = 1 << 18;

/** Most certificates of the router that one chain is looked for among. */
const mostItems = 64;

/**
 * Builds the chain of a certificate to a trusted item (RFC 5280 6): the certificate first. Every trusted item is an anchor, as in RouterOS,
 * and the others may stand in between. Throws `CertificateError`: `not-trusted` with the one reason, `revoked` for what this router revoked.
 */
export async function verify(context: Context, options: VerifyOptions, job: Job): Promise<readonly VerifiedLink[]> {
  const [certificate, ...others] = await certificatesOf(context, options, job);
  if (certificate === undefined) throw new CertificateError('bad-file', `${options.fileName} holds no certificate`);
  const found = possibleLinks(context, [certificate, ...others]);
  const at = options.at ?? context.clock.now();
  const path = await pathOf(context, options, at, certificate, others, found);
  const links = path.map((each) => ({ certificate: each, item: found.get(fingerprintOf(context, each))?.item }));
  const revoked = links.find(({ item }) => (item?.contents?.revokedAt ?? Number.POSITIVE_INFINITY) <= at);
  if (revoked !== undefined) {
    throw new CertificateError('revoked', `${formatName(revoked.certificate.subject)}: revoked on this router as ${revoked.item?.name}`);
  }
  return links.map(({ certificate: each, item }) => ({
    subject: formatName(each.subject),
    fingerprint: fingerprintOf(context, each),
    invalidAfter: each.notAfter,
    item: item?.name,
    trusted: item?.trusted === true,
  }));
}

async function pathOf(
  { crypto }: Context,
  { purpose, host }: VerifyOptions,
  at: Instant,
  certificate: Certificate,
  others: readonly Certificate[],
  found: ReadonlyMap<string, Link>,
): Promise<readonly Certificate[]> {
  const items = [...found.values()];
  const anchors = items.filter(({ item }) => item.trusted === true).map((each) => each.certificate);
  const untrusted = items.filter(({ item }) => item.trusted !== true).map((each) => each.certificate);
  const asked = { ...(purpose === undefined ? {} : { purpose }), ...(host === undefined ? {} : { host }) };
  try {
    return await validate({ certificate, anchors, intermediates: [...untrusted, ...others], at, ...asked }, crypto);
  } catch (error) {
    throw error instanceof ValidationError ? new CertificateError('not-trusted', error.message) : error;
  }
}

/** The certificate in question, and what came with it. */
async function certificatesOf(context: Context, { id, fileName }: VerifyOptions, { cancel }: Job): Promise<readonly Certificate[]> {
  if ((id === undefined) === (fileName === undefined)) {
    throw new CertificateError('bad-value', 'expected either a number or a file-name');
  }
  if (id !== undefined) return [certificateOf(context, itemWithId(context, id))];
  const name = fileName ?? '';
  const bytes = await context.files.read(name, largestFile);
  try {
    const bundle = await readBundle(bytes, { fileName: name, passphrase: '', crypto: context.crypto, cancel });
    wipe(bundle.privateKeys);
    return bundle.certificates;
  } finally {
    bytes.fill(0);
  }
}

/** The items that these certificates are, or that may have issued them, directly and indirectly, by fingerprint. */
function possibleLinks(context: Context, certificates: readonly Certificate[]): ReadonlyMap<string, Link> {
  const found = new Map<string, Link>();
  const open = [...certificates];
  for (const certificate of certificates) {
    for (const item of context.store.certificates.byPublicKey(publicKeyIdOf(certificate.publicKey, context.crypto))) {
      const fingerprint = item.contents?.fingerprint ?? '';
      if (fingerprint === fingerprintOf(context, certificate)) found.set(fingerprint, { item, certificate });
    }
  }
  for (let certificate = open.shift(); certificate !== undefined && found.size < mostItems; certificate = open.shift()) {
    for (const each of issuersAmongItems(context, certificate)) {
      const fingerprint = each.item.contents?.fingerprint ?? '';
      if (found.has(fingerprint)) continue;
      found.set(fingerprint, each);
      open.push(each.certificate);
    }
  }
  return found;
}

function issuersAmongItems({ store }: Context, certificate: Certificate): readonly Link[] {
  const { certificates } = store;
  const akid = authorityKeyIdOf(certificate);
  const named = certificates.certificatesWithCommonName(subjectFields(certificate.issuer).commonName);
  const items = [...(akid === '' ? [] : certificates.bySubjectKeyIdentifier(akid)), ...named].slice(0, mostItems);
  const issuer = nameKey(certificate.issuer);
  return items.flatMap((item) => {
    const der = certificates.der(item.id);
    const candidate = der === undefined ? undefined : decodeCertificate(der);
    return candidate === undefined || nameKey(candidate.subject) !== issuer ? [] : [{ item, certificate: candidate }];
  });
}

function fingerprintOf({ crypto }: Context, { der }: Certificate): string {
  return hex(crypto.hash('sha256', der));
}
