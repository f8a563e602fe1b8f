import { fromUtf8Lossy } from '../bytes/utf8.ts';
import type { Job } from '../job/job.ts';
import { decodePem } from '../pem/pem.ts';
import type { Certificate } from '../x509/certificate.ts';
import type { KeyUsage } from '../x509/key-usage.ts';
import { formatName } from '../x509/name.ts';
import { describePublicKey } from '../x509/public-key.ts';
import { type CertificationRequest, decodeRequest, requestLimit, verifyRequest } from '../x509/request.ts';
import { believableNow } from './clock-check.ts';
import { contentsOf, publicKeyIdOf, shownProperties } from './contents.ts';
import { defaults, endEntityKeyUsageOf } from './defaults.ts';
import { CertificateError } from './errors.ts';
import { checkDigest, crlNumberOf, endOf, issueBy, takeCrlNumber, tell, warningsOf } from './issue.ts';
import { type Issuer, issuerWithId, stillIssuer } from './issuer.ts';
import { numberedName } from './item-name.ts';
import type { Context } from './ports.ts';
import { crlUrlsOf } from './profile.ts';
import type { DigestAlgorithm } from './properties.ts';
import { checkGrantable, grantTo } from './request-policy.ts';
import { checkDaysValid } from './template.ts';

/** How a request from elsewhere is answered. */
export interface SignRequestOptions {
  readonly fileName: string;
  /** Id of the CA. */
  readonly ca: number;
  readonly daysValid?: number | undefined;
  readonly digestAlgorithm?: DigestAlgorithm | undefined;
  /** The key usages that the CA's user grants if they are asked for; see request-policy.ts. */
  readonly keyUsage?: readonly KeyUsage[] | undefined;
}

/** Issues a certificate for the request in a file, as request-policy.ts says. Returns the id of the new item, `issued_N`. */
export async function answerRequest(context: Context, options: SignRequestOptions, job: Job): Promise<number> {
  const { crypto, files } = context;
  const { daysValid: days = defaults.daysValid, digestAlgorithm: digest = defaults.digestAlgorithm } = options;
  checkDaysValid(days);
  checkGrantable(options.keyUsage ?? []);
  const notBefore = believableNow(context);
  const issuer = issuerWithId(context, options.ca, notBefore);
  checkDigest(issuer.item.contents?.keyType ?? '', digest);

  const request = requestIn(options.fileName, await files.read(options.fileName, 2 * requestLimit));
  if (!(await verifyRequest(request, crypto))) {
    throw new CertificateError('bad-request', `the signature of the request in ${options.fileName} is wrong: its key did not sign it`);
  }
  const keyType = describePublicKey(request.publicKey).type;
  const { altNames, keyUsage, denied } = grantTo(request, options.keyUsage ?? endEntityKeyUsageOf(keyType));
  if (request.subject.length === 0 && altNames.length === 0) {
    throw new CertificateError('bad-request', 'the request has no subject and no alternative name');
  }
  const { subject, publicKey } = request;
  const issuance = { subject, altNames, keyUsage, publicKey, digest, notBefore, notAfter: endOf(notBefore, days, issuer) };
  const id = await issueAndStore(context, issuer, issuance);
  const name = context.store.certificates.byId(id)?.name ?? '';
  const warnings = [
    ...(denied.length === 0
      ? []
      : [`${name} for ${formatName(subject)} was issued without ${denied.join(', ')}, which the request asks for`]),
    ...warningsOf(context, { name, keyType, days, issuer, issuance }),
  ];
  tell(context, warnings, job);
  return id;
}

/** The request in a file, PEM or DER. */
function requestIn(fileName: string, bytes: Uint8Array): CertificationRequest {
  if (bytes[0] === 0x30) return decodeRequest(bytes);
  const blocks = decodePem(fromUtf8Lossy(bytes)).filter(
    ({ label }) => label === 'CERTIFICATE REQUEST' || label === 'NEW CERTIFICATE REQUEST',
  );
  const [only, ...more] = blocks;
  if (only === undefined) throw new CertificateError('bad-file', `${fileName} holds no certificate request`);
  if (more.length > 0) throw new CertificateError('bad-file', `${fileName} holds ${blocks.length} certificate requests: expected one`);
  return decodeRequest(only.der);
}

async function issueAndStore(context: Context, issuer: Issuer, issuance: Omit<Parameters<typeof issueBy>[2], 'crlUrls'>): Promise<number> {
  for (;;) {
    const number = crlNumberOf(context, issuer.publicKeyId);
    const certificate = await issueBy(context, issuer, { ...issuance, crlUrls: crlUrlsOf(issuer.crlHosts, number) });
    const id = context.store.transact(() => {
      stillIssuer(context, issuer);
      return takeCrlNumber(context, issuer.publicKeyId, number) ? storeIssued(context, issuer, certificate) : undefined;
    });
    if (id !== undefined) return id;
  }
}

function storeIssued({ store, crypto }: Context, issuer: Issuer, certificate: Certificate): number {
  const { certificates } = store;
  const ofSameKey = certificates.byPublicKey(publicKeyIdOf(certificate.publicKey, crypto));
  const privateKeyId = ofSameKey.map((item) => item.contents?.privateKeyId).find((id) => id !== undefined);
  const contents = contentsOf(
    certificate,
    { privateKeyId, caId: issuer.item.id, caCrlHost: undefined, madeHere: true, revokedAt: undefined },
    crypto,
  );
  const name = numberedName('issued', 1, (name) => certificates.byName(name) !== undefined);
  return certificates.add(name, shownProperties(certificate, { trusted: false, trustStore: ['all'] }), contents);
}
