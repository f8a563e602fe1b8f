import { believableNow } from '../certificates/clock-check.ts';
import { certificateOf } from '../certificates/decoded.ts';
import { issuerKeyIdentifier } from '../certificates/issuer.ts';
import type { HashAlgorithm } from '../platform/crypto.ts';
import type { Revocation } from '../store/revocations.ts';
import type { StoredCertificate } from '../store/stored-certificate.ts';
import { type RevokedCertificate, signCrl } from '../x509/crl.ts';
import { type CrlReason, encodeCrlNumber, encodeCrlReason } from '../x509/crl-extensions.ts';
import { encodeAuthorityKeyIdentifier } from '../x509/extensions.ts';
import { signerFor } from '../x509/signer.ts';
import { type CrlPorts, crlInterval, crlLifetime } from './issue.ts';

/** Makes the CRL of a key of this router, signed in the name of its certificate `ca`, and puts it into the store. */
export async function makeCrl(ports: CrlPorts, ca: StoredCertificate, publicKeyId: string): Promise<void> {
  const { store, crypto } = ports;
  const now = believableNow(ports);
  const { generation } = store;
  const before = store.issuedCrls.of(publicKeyId);
  // A clock that was wrong may have left a time to come: what expired before that has not had its day.
  const regularUpdate = Math.min(before?.regularUpdate ?? 0, now);
  const isRegular = before === undefined || before.dueAt > 0;
  // The time as a number grows also over a restored backup, which has forgotten the last ones.
  const number = Math.max((before?.number ?? 0) + 1, now);
  const revoked = store.revocations.of(publicKeyId);
  const certificate = certificateOf({ store }, ca);
  const privateKey = store.privateKeys.open(ca.contents?.privateKeyId ?? 0);
  if (privateKey === undefined) return;
  try {
    const { der } = await signCrl(
      {
        issuer: certificate.subject,
        thisUpdate: now,
        nextUpdate: now + crlLifetime,
        revoked: revoked.filter(({ invalidAfter }) => invalidAfter >= regularUpdate).map(entryOf),
        extensions: [encodeAuthorityKeyIdentifier({ keyIdentifier: issuerKeyIdentifier(certificate, crypto) }), encodeCrlNumber(number)],
      },
      signerFor(privateKey, digestOf(ca), crypto),
    );
    store.transact(() => {
      // A backup was loaded meanwhile: this tells of another store.
      if (store.generation !== generation) return;
      // What was revoked while the key signed comes with the next.
      const isWhole = store.revocations.of(publicKeyId).length === revoked.length;
      store.issuedCrls.put({
        publicKeyId,
        number,
        thisUpdate: now,
        nextUpdate: now + crlLifetime,
        regularUpdate: isRegular ? now : regularUpdate,
        dueAt: isWhole ? now + crlInterval : 0,
        der,
      });
    });
  } finally {
    privateKey.fill(0);
  }
}

/** That of the CA's own certificate, unless it can be forged. */
function digestOf({ properties }: StoredCertificate): HashAlgorithm {
  const { digestAlgorithm: digest } = properties;
  return digest === 'sha384' || digest === 'sha512' ? digest : 'sha256';
}

const crlReasons: ReadonlyMap<string, CrlReason> = new Map([
  ['key-compromise', 'keyCompromise'],
  ['ca-compromise', 'cACompromise'],
  ['affiliation-changed', 'affiliationChanged'],
  ['superseded', 'superseded'],
  ['cessation-of-operation', 'cessationOfOperation'],
  ['privilege-withdrawn', 'privilegeWithdrawn'],
]);

function entryOf({ serialNumber, revokedAt, reason }: Revocation): RevokedCertificate {
  const extension = encodeCrlReason(crlReasons.get(reason ?? '') ?? 'unspecified');
  return { serialNumber, revocationDate: revokedAt, extensions: extension === undefined ? [] : [extension] };
}
