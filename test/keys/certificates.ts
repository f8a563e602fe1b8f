import { openssl } from '../judges/openssl.ts';
import { fileOf, newPath } from '../judges/run.ts';
import type { KeyPair } from './key-pairs.ts';

export interface MadeCertificate {
  readonly der: Uint8Array;
  readonly pem: string;
}

function made(pem: string): MadeCertificate {
  return { pem, der: openssl(['x509', '-outform', 'DER'], pem).bytes };
}

/** A self-signed certificate of OpenSSL's. */
export function selfSigned(key: KeyPair, name: string): MadeCertificate {
  return made(openssl(['req', '-x509', '-key', fileOf(key.pem, '.pem'), '-subj', `/CN=${name}`, '-days', '30']).text);
}

/** A certificate of OpenSSL's, issued by another one. */
export function issued(key: KeyPair, name: string, issuer: MadeCertificate, issuerKey: KeyPair): MadeCertificate {
  const request = openssl(['req', '-new', '-key', fileOf(key.pem, '.pem'), '-subj', `/CN=${name}`]).text;
  const by = ['-CA', fileOf(issuer.pem, '.pem'), '-CAkey', fileOf(issuerKey.pem, '.pem'), '-CAserial', newPath('.srl'), '-CAcreateserial'];
  return made(openssl(['x509', '-req', '-days', '30', ...by], request).text);
}
