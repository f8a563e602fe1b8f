import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Crl, crlOf } from '../../src/validation/crl.ts';
import type { PolicyInputs } from '../../src/validation/policies.ts';
import type { ValidationRequest } from '../../src/validation/validate.ts';
import { type Certificate, decodeCertificate } from '../../src/x509/certificate.ts';
import { decodeCrl } from '../../src/x509/crl.ts';
import { pycaVectors } from '../judges/pyca.ts';

/** A test of NIST's Public Key Interoperability Test Suite, as `test/fixtures/pkits/tests.txt` has it. */
export interface PkitsTest {
  readonly number: string;
  readonly title: string;
  /** Names of files: the end certificate, the others but the anchor, the CRLs. */
  readonly certificate: string;
  readonly intermediates: readonly string[];
  readonly crls: readonly string[];
  readonly policies: PolicyInputs;
  /** `valid`, or the code of the error. */
  readonly expected: string;
}

/** NIST-test-policy-1 is 1 below this. */
const testPolicies = '2.16.840.1.101.3.2.1.48';

/** Between thisUpdate and nextUpdate of all CRLs that are meant to be good. */
const at = Date.UTC(2020, 0, 1) / 1000;

/** All tests of sections 4.1 to 4.16. */
export function pkitsTests(): readonly PkitsTest[] {
  const file = fileURLToPath(new URL('../fixtures/pkits/tests.txt', import.meta.url));
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  return lines.map((line) => {
    const [number = '', title = '', certificate = '', intermediates = '', crls = '', settings = '', expected = ''] = line
      .split('|')
      .map((column) => column.trim());
    return { number, title, certificate, intermediates: words(intermediates), crls: words(crls), policies: policiesOf(settings), expected };
  });
}

function words(text: string): string[] {
  return text.split(' ').filter((word) => word !== '');
}

function policiesOf(settings: string): PolicyInputs {
  const said = words(settings);
  const policies = said.filter((word) => /^\d$/.test(word)).map((number) => `${testPolicies}.${number}`);
  return {
    ...(policies.length === 0 ? {} : { initialPolicies: policies }),
    requireExplicitPolicy: said.includes('explicit'),
    inhibitPolicyMapping: said.includes('no-mapping'),
    inhibitAnyPolicy: said.includes('no-any'),
  };
}

/** What is asked of the validator. Throws `DerError` or `X509Error` where a document can't be read. */
export function requestOf({ certificate, intermediates, crls, policies }: PkitsTest): ValidationRequest {
  return {
    certificate: readCertificate(certificate),
    anchors: [readCertificate('TrustAnchorRootCertificate')],
    intermediates: intermediates.map((name) => readCertificate(name)),
    crls: crls.map((name) => readCrl(name)),
    policies,
    at,
  };
}

function readCertificate(name: string): Certificate {
  return decodeCertificate(new Uint8Array(readFileSync(join(folder(), 'certs', `${name}.crt`))));
}

function readCrl(name: string): Crl {
  return crlOf(decodeCrl(new Uint8Array(readFileSync(join(folder(), 'crls', `${name}.crl`)))));
}

let found: string | undefined;

function folder(): string {
  found ??= join(pycaVectors(), 'x509', 'PKITS_data');
  return found;
}
