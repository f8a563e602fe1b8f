import { concat } from '../../../src/bytes/bytes.ts';
import { crlOf } from '../../../src/validation/crl.ts';
import { type CertificateList, decodeCrl } from '../../../src/x509/crl.ts';
import { CrlReader } from '../../../src/x509/crl-reader.ts';
import { checkExtensions, checkName } from '../document.ts';
import { decoded, expectSame } from '../refusal.ts';

export function fuzz(data: Uint8Array): void {
  const crl = decoded(() => decodeCrl(data));
  checkPieces(data, crl);
  if (crl === undefined) return;
  checkName(crl.issuer, crl.issuerDer);
  checkExtensions(crl.extensions);
  decoded(() => crlOf(crl));
  for (const { extensions } of crl.revoked) checkExtensions(extensions);
}

/** What comes piece by piece is read as the whole is, or refused as that is. */
function checkPieces(data: Uint8Array, whole: CertificateList | undefined): void {
  const signed: Uint8Array[] = [];
  const serials: Uint8Array[] = [];
  const tail = decoded(() => {
    const reader = new CrlReader(
      {
        head: () => undefined,
        entry: ({ serialNumber }) => void serials.push(serialNumber.slice()),
        signed: (bytes) => void signed.push(bytes.slice()),
      },
      1 << 24,
    );
    for (let at = 0; at < data.length; at += 61) reader.push(data.slice(at, at + 61));
    return reader.end();
  });
  if ((tail === undefined) !== (whole === undefined)) throw new Error('a CRL is refused whole or in pieces, and not the other way');
  if (tail === undefined || whole === undefined) return;
  expectSame('tbs', concat(signed), whole.tbs);
  expectSame('signature', tail.signature, whole.signature);
  expectSame('serial numbers', concat(serials), concat(whole.revoked.map(({ serialNumber }) => serialNumber)));
}
