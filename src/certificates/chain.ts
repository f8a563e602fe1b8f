import { equalBytes } from '../bytes/bytes.ts';
import type { StoredCertificate } from '../store/stored-certificate.ts';
import { type Certificate, decodeCertificate } from '../x509/certificate.ts';
import { subjectFields } from '../x509/name.ts';
import { verifySignature } from '../x509/signer.ts';
import { authorityKeyIdOf } from './contents.ts';
import { certificateOf } from './decoded.ts';
import type { Context } from './ports.ts';

/** A certificate of the router with its item. */
export interface Link {
  readonly item: StoredCertificate;
  readonly certificate: Certificate;
}

/** Longest chain that is followed. */
const longest = 32;

/** The CAs above a certificate, as far as the router has them: nearest first, a self-signed one last. */
export async function chainAbove(context: Context, { item, certificate }: Link): Promise<Link[]> {
  const links: Link[] = [];
  const seen = new Set([item.id]);
  let link: Link | undefined = { item, certificate };
  while (links.length < longest) {
    link = await issuerOf(context, link);
    if (link === undefined || seen.has(link.item.id)) return links;
    seen.add(link.item.id);
    links.push(link);
  }
  return links;
}

/** The CA that the router has of a certificate, which is not its own; its signature is checked unless it was made here. */
export async function issuerOf(context: Context, { item, certificate }: Link): Promise<Link | undefined> {
  if (equalBytes(certificate.subjectDer, certificate.issuerDer)) return undefined;
  const caId = item.contents?.caId;
  const ca = caId === undefined ? undefined : context.store.certificates.byId(caId);
  if (ca !== undefined) return { item: ca, certificate: certificateOf(context, ca) };
  for (const candidate of candidates(context, certificate)) {
    if (await hasIssued(context, candidate.certificate, certificate)) return candidate;
  }
  return undefined;
}

function candidates(context: Context, certificate: Certificate): Link[] {
  const { certificates } = context.store;
  const akid = authorityKeyIdOf(certificate);
  const items =
    akid === ''
      ? certificates.certificatesWithCommonName(subjectFields(certificate.issuer).commonName)
      : certificates.bySubjectKeyIdentifier(akid);
  return items.map((item) => ({ item, certificate: decodeCertificate(certificates.der(item.id) ?? new Uint8Array(0)) }));
}

/** Has the CA the name of the certificate's issuer, and did its key sign? */
export async function hasIssued({ crypto }: Context, issuer: Certificate, certificate: Certificate): Promise<boolean> {
  if (!equalBytes(issuer.subjectDer, certificate.issuerDer)) return false;
  try {
    return await verifySignature(certificate, issuer.publicKey, crypto);
  } catch {
    // A key or an algorithm that nobody can check proves nothing.
    return false;
  }
}
