import { concat } from '../bytes/bytes.ts';
import { fromHex } from '../bytes/hex.ts';
import type { StoredCertificate } from '../store/stored-certificate.ts';
import { CertificateError } from './errors.ts';
import { itemWithId } from './lookup.ts';
import type { Context } from './ports.ts';
import type { RevocationReason } from './properties.ts';

/** Revokes certificates that CAs of this router issued: all of them, or none. */
export function revoke(context: Context, ids: readonly number[], reason: RevocationReason | undefined): void {
  const { store, busy, clock, log } = context;
  const warnings = store.transact(() =>
    ids.flatMap((id) => {
      const item = itemWithId(context, id);
      busy.check(item);
      return revokeOne(context, item, reason, clock.now());
    }),
  );
  for (const warning of warnings) log('warning', ['certificate'], warning);
}

function revokeOne(context: Context, item: StoredCertificate, reason: RevocationReason | undefined, now: number): string[] {
  const { store } = context;
  const { contents, name } = item;
  const ca = contents?.caId === undefined ? undefined : store.certificates.byId(contents.caId);
  if (contents === undefined || ca?.contents === undefined) {
    throw new CertificateError('not-issued-here', `${name} was not issued by a CA of this router`);
  }
  if (contents.revokedAt !== undefined) throw new CertificateError('revoked', `${name} is revoked already`);
  store.certificates.setRevoked(item.id, now);
  store.revocations.add({
    issuerKeyId: ca.contents.publicKeyId,
    serialNumber: serialOctets(contents.serialNumber),
    revokedAt: now,
    reason: reason === 'unspecified' ? undefined : reason,
    invalidAfter: contents.invalidAfter,
  });
  store.issuedCrls.makeDue(ca.contents.publicKeyId);
  return ca.properties.keyUsage?.includes('crl-sign') === false
    ? [`${name} is revoked, but its CA ${ca.name} has no crl-sign in its key-usage and can tell nobody`]
    : [];
}

/** Content octets of the INTEGER, which print shows without the octet that only says that it is positive. */
function serialOctets(shown: string): Uint8Array {
  const octets = fromHex(shown) ?? new Uint8Array(0);
  return (octets[0] ?? 0) < 0x80 ? octets : concat([new Uint8Array(1), octets]);
}
