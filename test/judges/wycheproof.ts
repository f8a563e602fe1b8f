import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findTool, whence } from '../../scripts/tools.ts';

/** A file of Wycheproof's test vectors; what its groups and tests hold depends on `schema`. */
export interface Wycheproof<Group> {
  schema: string;
  numberOfTests: number;
  testGroups: Group[];
}

/** One of Wycheproof's files by name: `wycheproof<Group>('ecdsa_secp256r1_sha256_test.json')`. */
export function wycheproof<Group>(name: string): Wycheproof<Group> {
  const folder = findTool('wycheproof');
  if (folder === undefined) throw new Error(`missing: wycheproof (${whence('wycheproof')})`);
  return JSON.parse(readFileSync(join(folder, 'testvectors_v1', name), 'utf8')) as Wycheproof<Group>;
}
