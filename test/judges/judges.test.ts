import { describe, expect } from 'vitest';
import { Headers } from '../../src/http/headers.ts';
import { type Handler, serveHttp } from '../../src/http/server.ts';
import { NodeClock } from '../../src/platform/node/clock.ts';
import { NodeNetwork } from '../../src/platform/node/network.ts';
import {
  certtool,
  certtoolKey,
  certtoolReadPkcs12,
  certtoolRequest,
  certtoolSelfSigned,
  certtoolVerify,
  certtoolWritePkcs12,
} from './gnutls.ts';
import { goCertificates, goCrls, goKeys, goMake, goRequests, goVerify, zlint } from './go.ts';
import { keytoolCopy, keytoolList, keytoolWrite } from './java.ts';
import { nssImport, nssRewrite } from './nss.ts';
import { asn1parse, openssl, opensslKey, opensslReadPkcs12, opensslVerify, opensslWritePkcs12 } from './openssl.ts';
import { pycaCertificates, pycaCrls, pycaKeys, pycaMake, pycaPkcs12, pycaRequests, pycaVectors } from './pyca.ts';
import { fileOf, JudgeRefused, testWith } from './run.ts';
import { schemathesis } from './schemathesis.ts';
import { wycheproof } from './wycheproof.ts';

// A judge that accepts anything judges nothing: each is shown something good of another's making, and something spoiled.

const secret = 'secret';
const notDer = new Uint8Array([0x30, 0x03, 0x02, 0x01]);

function spoiled(document: Uint8Array): Uint8Array {
  const copy = Uint8Array.from(document);
  copy[copy.length - 1] = (copy.at(-1) ?? 0) ^ 1;
  return copy;
}

function selfSigned(key: string): { pem: string; der: Uint8Array } {
  const pem = openssl(['req', '-x509', '-new', '-key', fileOf(key), '-subj', '/CN=judged', '-days', '30']).text;
  return { pem, der: openssl(['x509', '-outform', 'DER'], pem).bytes };
}

describe('OpenSSL', () => {
  const judged = testWith('openssl');

  judged('reads and verifies its own certificate and refuses another root', () => {
    const one = selfSigned(opensslKey('EC', 'ec_paramgen_curve:P-256'));
    const other = selfSigned(opensslKey('EC', 'ec_paramgen_curve:P-256'));
    opensslVerify(one.pem, one.pem);
    expect(() => opensslVerify(one.pem, other.pem)).toThrow(JudgeRefused);
    expect(asn1parse(one.der)).toContain('SEQUENCE');
    expect(() => asn1parse(notDer)).toThrow(JudgeRefused);
  });

  judged('reads a PKCS#12 file with its passphrase only', () => {
    const key = opensslKey('ED25519');
    const file = opensslWritePkcs12(key, selfSigned(key).pem, secret);
    expect(opensslReadPkcs12(file, secret)).toContain('PRIVATE KEY');
    expect(() => opensslReadPkcs12(file, 'other')).toThrow(/mac verify/i);
  });
});

describe('GnuTLS', () => {
  const judged = testWith('certtool', 'openssl');

  judged('makes keys, requests, certificates and PKCS#12 files that OpenSSL reads', () => {
    const key = certtoolKey('ecdsa', '--curve=secp256r1');
    const template = 'cn = "gnutls"\ndns_name = "gnutls.example"\nexpiration_days = 30\nca\ncert_signing_key\n';
    expect(openssl(['req', '-noout', '-verify', '-subject'], certtoolRequest(key, template)).text).toContain('CN = gnutls');
    const certificate = certtoolSelfSigned(key, template);
    opensslVerify(certificate, certificate);
    certtoolVerify(certificate, certificate);
    const file = certtoolWritePkcs12(key, certificate, secret, 'gnutls');
    expect(opensslReadPkcs12(file, secret)).toContain('friendlyName: gnutls');
    expect(certtoolReadPkcs12(file, secret)).toContain('CERTIFICATE');
  });

  judged('refuses what is spoiled and what another signed', () => {
    const one = selfSigned(opensslKey('EC', 'ec_paramgen_curve:P-256'));
    const other = selfSigned(opensslKey('EC', 'ec_paramgen_curve:P-256'));
    expect(() => certtool(['--certificate-info', '--inder'], notDer)).toThrow(JudgeRefused);
    expect(() => certtoolVerify(one.pem, other.pem)).toThrow(JudgeRefused);
  });
});

describe('Java', () => {
  const judged = testWith('keytool', 'openssl');

  judged('writes PKCS#12 that OpenSSL reads, reads its own, and refuses a wrong passphrase', () => {
    const file = keytoolWrite('java', secret, ['-keyalg', 'EC', '-groupname', 'secp256r1']);
    expect(opensslReadPkcs12(file, secret)).toContain('PRIVATE KEY');
    expect(keytoolList(file, secret)).toContain('PrivateKeyEntry');
    expect(opensslReadPkcs12(keytoolCopy(file, secret), secret)).toContain('PRIVATE KEY');
    expect(() => keytoolList(file, 'another')).toThrow(JudgeRefused);
  });
});

describe('NSS', () => {
  const judged = testWith('certutil', 'pk12util', 'openssl');

  judged('imports a PKCS#12 file, writes its own, and refuses a wrong passphrase', () => {
    const key = opensslKey('RSA', 'rsa_keygen_bits:2048');
    const file = opensslWritePkcs12(key, selfSigned(key).pem, secret, ['-name', 'nss']);
    expect(nssImport(file, secret)).toMatch(/nss\s+u,u,u/);
    expect(opensslReadPkcs12(nssRewrite(file, secret, 'nss'), secret)).toContain('PRIVATE KEY');
    expect(() => nssImport(file, 'other')).toThrow(JudgeRefused);
  });
});

describe('Go', () => {
  const judged = testWith('go-judge');

  judged('reads what it makes and refuses it spoiled', () => {
    for (const made of goMake(['RSA-2048', 'P-256', 'P-384', 'P-521', 'Ed25519'])) {
      const { certificate, request, crl, pkcs8 } = made;
      const [good, bad] = goCertificates([certificate, notDer]);
      expect(good).toMatchObject({ serial: '1001', isCA: true, pathLength: 1, ipAddresses: ['192.0.2.1', '2001:db8::1'] });
      expect(bad).toHaveProperty('error');
      expect(goRequests([request])).toMatchObject([{ dnsNames: ['go.example'] }]);
      expect(goRequests([spoiled(request)])).toMatchObject([{ error: expect.any(String) }]);
      expect(goCrls([{ der: crl, issuer: certificate }])).toMatchObject([
        { number: '7', revoked: [{ serial: '2002', reason: 1 }, { serial: '2003' }] },
      ]);
      expect(goCrls([{ der: spoiled(crl), issuer: certificate }])).toMatchObject([{ error: expect.any(String) }]);
      expect(goKeys([pkcs8, notDer])).toMatchObject([{ form: 'pkcs8' }, { error: expect.any(String) }]);
    }
  });

  judged('builds paths to the right root only', () => {
    const [one, other] = goMake(['P-256', 'P-256']).map((made) => made.certificate);
    if (one === undefined || other === undefined) throw new Error('nothing made');
    expect(goVerify([{ leaf: one, roots: [one] }])).toEqual([{ chains: [1] }]);
    expect(goVerify([{ leaf: one, roots: [other] }])).toMatchObject([{ error: expect.stringContaining('unknown authority') }]);
  });
});

describe('zlint', () => {
  const judged = testWith('go-judge', 'openssl');

  judged('finds a key usage that is not critical and leaves a critical one alone', () => {
    const key = fileOf(opensslKey('EC', 'ec_paramgen_curve:P-256'));
    const certificate = (usage: string): Uint8Array => {
      const args = ['req', '-x509', '-new', '-key', key, '-subj', '/CN=x', '-days', '30', '-addext', `keyUsage=${usage}`];
      return openssl([...args, '-outform', 'DER']).bytes;
    };
    const [bad = [], good] = zlint([certificate('keyCertSign'), certificate('critical,keyCertSign')]);
    expect(bad.map((finding) => finding.name)).toEqual(['w_ext_key_usage_not_critical']);
    expect(good).toEqual([]);
  });
});

describe('pyca', () => {
  const judged = testWith('pyca');

  judged('reads what it makes and refuses it spoiled or with another passphrase', () => {
    const [made] = pycaMake(['P-256'], secret, 'challenge');
    if (made === undefined) throw new Error('nothing made');
    expect(pycaCertificates([made.certificate, notDer])).toMatchObject([{ serial: '1002' }, { error: expect.any(String) }]);
    expect(pycaRequests([made.request])).toMatchObject([{ attributes: expect.arrayContaining(['1.2.840.113549.1.9.7']) }]);
    expect(pycaRequests([spoiled(made.request)])).toMatchObject([{ error: expect.any(String) }]);
    expect(pycaCrls([{ der: made.crl, issuer: made.certificate }])).toMatchObject([{ revoked: [{ serial: '2002' }] }]);
    const keys = [{ key: made.pkcs8 }, { key: made.pkcs8Encrypted, passphrase: secret }, { key: made.pkcs8Encrypted, passphrase: 'other' }];
    expect(pycaKeys(keys)).toMatchObject([{ publicKey: 'secp256r1' }, { publicKey: 'secp256r1' }, { error: expect.any(String) }]);
    expect(pycaPkcs12([{ file: made['pkcs12 none'] }])).toMatchObject([{ certificate: { name: 'pyca' } }]);
    for (const form of ['pkcs12 best', 'pkcs12 aes-256', 'pkcs12 3des'] as const) {
      expect(pycaPkcs12([{ file: made[form], passphrase: secret }]), form).toMatchObject([{ certificate: { name: 'pyca' } }]);
    }
  });

  judged('brings its vectors', () => {
    expect(pycaVectors()).toMatch(/cryptography_vectors$/);
  });
});

describe('schemathesis', () => {
  const judged = testWith('pyca');
  const description = {
    openapi: '3.0.3',
    info: { title: 'a server', version: '1' },
    paths: { '/fails': { get: { responses: { 200: { description: 'done' } } } } },
  };

  judged('finds a server that fails, and leaves one alone that does not', { timeout: 60_000 }, async () => {
    for (const status of [200, 500]) {
      const listener = await new NodeNetwork().listenTcp(0, '127.0.0.1', (connection) => {
        const clock = new NodeClock();
        const answer: Handler = async ({ target }) => ({
          status: target.path[0] === 'fails' ? status : 200,
          headers: new Headers([['Content-Type', 'application/json']]),
          content: new Uint8Array(Buffer.from(JSON.stringify(description))),
        });
        void serveHttp(connection, answer, { clock, now: () => clock.now(), failed: () => undefined });
      });
      const said = await schemathesis(`http://${listener.address}/openapi.json`, 3).catch(String);
      expect(said).toContain(status === 200 ? 'No issues found' : 'Server error');
      await listener.close();
    }
  });
});

describe('Wycheproof', () => {
  const judged = testWith('wycheproof');

  judged('has its vectors by name', () => {
    expect(wycheproof('ecdsa_secp256r1_sha256_test.json').numberOfTests).toBeGreaterThan(100);
  });
});
