import { equalBytes } from '../bytes/bytes.ts';
import { chainAbove } from './chain.ts';
import { certificateOf } from './decoded.ts';
import { CertificateError } from './errors.ts';
import { itemWithId } from './lookup.ts';
import type { Context } from './ports.ts';

/** What a server of this router shows who it is by. */
export interface ServerIdentity {
  /** DER: its certificate, and the CAs above it up to the one that the other end has to have. */
  readonly certificates: readonly Uint8Array[];
  /** PKCS#8, to be wiped by the caller. */
  readonly privateKey: Uint8Array;
}

/** The certificate of an item with its key, for a handshake. Throws `CertificateError` `no-such-item`, `not-signed` and `no-private-key`. */
export async function serverIdentity(context: Context, id: number): Promise<ServerIdentity> {
  const item = itemWithId(context, id);
  const certificate = certificateOf(context, item);
  const above = await chainAbove(context, { item, certificate });
  const sent = above.filter((link) => !equalBytes(link.certificate.subjectDer, link.certificate.issuerDer));
  const keyId = item.contents?.privateKeyId;
  const privateKey = keyId === undefined ? undefined : context.store.privateKeys.open(keyId);
  if (privateKey === undefined) throw new CertificateError('no-private-key', `the private key of ${item.name} is not on this router`);
  return { certificates: [certificate.der, ...sent.map((link) => link.certificate.der)], privateKey };
}
