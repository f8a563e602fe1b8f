import { describePublicKey } from '../../../src/x509/public-key.ts';
import { decodeRequest } from '../../../src/x509/request.ts';
import { checkExtensions, checkName } from '../document.ts';
import { decoded } from '../refusal.ts';

export function fuzz(data: Uint8Array): void {
  const request = decoded(() => decodeRequest(data));
  if (request === undefined) return;
  checkName(request.subject, request.subjectDer);
  decoded(() => describePublicKey(request.publicKey));
  checkExtensions(request.requestedExtensions);
}
