import { fileURLToPath } from 'node:url';
import { run } from '../judges/run.ts';

/** A name that limbo expects. */
interface PeerName {
  readonly kind: 'DNS' | 'IP' | 'RFC822';
  readonly value: string;
}

/** A case of x509-limbo, as far as it is read; its schema is `limbo-schema.json` of C2SP/x509-limbo. */
export interface LimboCase {
  readonly id: string;
  readonly features: readonly string[];
  readonly description: string;
  readonly validation_kind: 'CLIENT' | 'SERVER';
  /** PEM, as the others. */
  readonly trusted_certs: readonly string[];
  readonly untrusted_intermediates: readonly string[];
  readonly peer_certificate: string;
  readonly crls: readonly string[];
  /** ISO 8601; now when it is null. */
  readonly validation_time: string | null;
  readonly key_usage: readonly string[];
  readonly extended_key_usage: readonly string[];
  readonly expected_result: 'SUCCESS' | 'FAILURE';
  readonly expected_peer_name: PeerName | null;
  readonly expected_peer_names: readonly PeerName[];
  readonly max_chain_depth: number | null;
}

/** Every case of the file. */
export function limboCases(): readonly LimboCase[] {
  const file = fileURLToPath(new URL('../fixtures/limbo/limbo.json.xz', import.meta.url));
  const { testcases } = JSON.parse(run('xz', ['--decompress', '--stdout', file]).text) as { readonly testcases: readonly LimboCase[] };
  return testcases;
}
