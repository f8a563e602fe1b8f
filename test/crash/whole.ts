import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { isDeepStrictEqual } from 'node:util';
import { equalBytes } from '../../src/bytes/bytes.ts';
import { hex } from '../../src/bytes/hex.ts';
import { contentsOf, shownProperties } from '../../src/certificates/contents.ts';
import type { GivenProperties } from '../../src/certificates/properties.ts';
import { NodeCrypto } from '../../src/platform/node/crypto.ts';
import type { Store } from '../../src/store/store.ts';
import type { ShownContents, StoredCertificate } from '../../src/store/stored-certificate.ts';
import { decodeCertificate } from '../../src/x509/certificate.ts';

const crypto = new NodeCrypto();

/** What the templates of the workload are made of. */
export function given(name: string): GivenProperties {
  return { commonName: name, keySize: 'prime256v1' };
}

/** Throws unless each template and each certificate, with all that the store keeps about it elsewhere, is whole. */
export function checkDocuments(store: Store): void {
  const revoked = new Map<string, string[]>();
  for (const item of store.certificates.all()) {
    const { contents } = item;
    if (contents === undefined) checkTemplate(item);
    else checkCertificate(store, item, contents, revoked);
  }
  for (const { contents, name } of store.certificates.all()) {
    const entries = contents === undefined ? [] : store.revocations.of(contents.publicKeyId);
    const expected = revoked.get(contents?.publicKeyId ?? '') ?? [];
    if (entries.map(({ serialNumber }) => hex(serialNumber)).join() !== expected.sort().join())
      throw new Error(`${name} revoked other certificates than those that are revoked`);
  }
}

function checkTemplate({ name, properties }: StoredCertificate): void {
  const set = Object.fromEntries(Object.entries(properties).filter(([, value]) => value !== undefined));
  if (!isDeepStrictEqual(set, given(name))) throw new Error(`the template ${name} is not what it was: ${JSON.stringify(set)}`);
}

function checkCertificate(
  store: Store,
  { id, name, properties }: StoredCertificate,
  contents: ShownContents,
  revoked: Map<string, string[]>,
): void {
  const certificate = decodeCertificate(store.certificates.der(id) ?? new Uint8Array(0));
  const { der: _, ...shown } = contentsOf(certificate, contents, crypto);
  if (!isDeepStrictEqual(shown, contents) || !isDeepStrictEqual(shownProperties(certificate, properties), properties))
    throw new Error(`the columns of ${name} do not say what the certificate says`);
  if (contents.privateKeyId !== undefined) {
    const key = store.privateKeys.open(contents.privateKeyId);
    if (key === undefined || !equalBytes(crypto.publicKeyOf(key), certificate.publicKey)) throw new Error(`${name} has not its own key`);
  }
  const ca = contents.caId === undefined ? undefined : store.certificates.byId(contents.caId)?.contents;
  if (contents.caId !== undefined && ca?.skid !== contents.akid) throw new Error(`${name} has lost its CA`);
  const signerId = (ca ?? contents).publicKeyId;
  if (contents.madeHere && store.caNumbers.of(signerId) === undefined) throw new Error(`what signed ${name} has no number for its CRL`);
  if (contents.revokedAt !== undefined) revoked.set(signerId, [...(revoked.get(signerId) ?? []), hex(certificate.serialNumber)]);
}

/** Throws unless the file of a store that is closed is sound, and holds no private key that no certificate has. */
export function checkFile(folder: string): void {
  const database = new DatabaseSync(join(folder, 'signet.db'));
  try {
    for (const [check, sound] of [
      ['PRAGMA integrity_check', '[{"integrity_check":"ok"}]'],
      ['PRAGMA foreign_key_check', '[]'],
      ['SELECT id AS unused_key FROM private_key EXCEPT SELECT private_key_id FROM certificate', '[]'],
    ] as const) {
      const found = JSON.stringify(database.prepare(check).all());
      if (found !== sound) throw new Error(`${check}: ${found}`);
    }
  } finally {
    database.close();
  }
}
