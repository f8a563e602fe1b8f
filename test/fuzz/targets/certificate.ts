import { checkHost } from '../../../src/validation/host.ts';
import { checkIssuer } from '../../../src/validation/issuing.ts';
import { readPathCertificate } from '../../../src/validation/path-certificate.ts';
import { checkPolicies } from '../../../src/validation/policies.ts';
import { checkWebForm } from '../../../src/validation/web-profile.ts';
import { defaultLimits, Work } from '../../../src/validation/work.ts';
import { type Certificate, decodeCertificate } from '../../../src/x509/certificate.ts';
import { formatName, subjectFields } from '../../../src/x509/name.ts';
import { describePublicKey } from '../../../src/x509/public-key.ts';
import { checkExtensions, checkName } from '../document.ts';
import { decoded } from '../refusal.ts';

export function fuzz(data: Uint8Array): void {
  const certificate = decoded(() => decodeCertificate(data));
  if (certificate === undefined) return;
  checkName(certificate.issuer, certificate.issuerDer);
  checkName(certificate.subject, certificate.subjectDer);
  formatName(certificate.subject);
  subjectFields(certificate.subject);
  decoded(() => describePublicKey(certificate.publicKey));
  checkExtensions(certificate.extensions);
  checkPath(certificate);
}

/** What path validation asks of one certificate, as if it had issued itself. */
function checkPath(certificate: Certificate): void {
  const one = decoded(() => readPathCertificate(certificate));
  if (one === undefined) return;
  const rules = { at: certificate.notBefore, purpose: 'tls-server', intermediates: 1 } as const;
  decoded(() => checkIssuer(one, [one], true, rules, new Work({ verify: () => Promise.resolve(false) }, defaultLimits)));
  decoded(() => checkPolicies([one, one, one], { requireExplicitPolicy: true, initialPolicies: ['1.2.3'] }));
  decoded(() => checkHost(one, 'a.example'));
  decoded(() => checkWebForm(one, 'leaf'));
  decoded(() => checkWebForm(one, 'anchor'));
}
