import { join } from 'node:path';
import { build } from 'esbuild';
import { beforeAll, describe, expect } from 'vitest';
import { installedTools, root } from '../../scripts/tools.ts';
import { openssl } from '../judges/openssl.ts';
import { newPath, testWith } from '../judges/run.ts';
import { acceptedByOpenssl, Guest } from './guest.ts';
import type { Made } from './program.ts';

const program = newPath('.cjs');
const worker = newPath('.cjs');

// Node 18 knows neither TypeScript nor all of its syntax. One file has no address of its own but its path.
beforeAll(async () => {
  const sources = [
    ['test/qemu/program.ts', program],
    ['src/platform/node/keygen/forge-worker.ts', worker],
  ] as const;
  for (const [source, outfile] of sources) {
    await build({
      entryPoints: [join(root, source)],
      outfile,
      bundle: true,
      platform: 'node',
      format: 'cjs',
      target: 'node18',
      define: { 'import.meta.url': 'addressOfThisFile' },
      banner: { js: "const addressOfThisFile = require('node:url').pathToFileURL(__filename).href;" },
      logLevel: 'warning',
    });
  }
});

describe.each([
  {
    target: 'aarch64-unknown-linux-gnu',
    command: 'qemu-aarch64',
    node: 'node-arm64',
    architecture: 'arm64',
  },
  {
    target: 'mipsel-unknown-linux-gnu',
    command: 'qemu-mipsel',
    node: 'node-mipsel',
    architecture: 'mipsel',
  },
] as const)('Node for $architecture', ({ target, command, node, architecture }) => {
  const emulated = testWith(command, node, 'openssl');
  const guest = new Guest(target);

  function made(...args: readonly string[]): Made {
    return JSON.parse(guest.run(installedTools[node], [program, ...args]).text) as Made;
  }

  describe.each([
    { kind: 'native', name: 'native' },
    { kind: 'fallback', name: 'node-forge (RSA), node (EC)' },
  ])('with the generator: $kind', ({ kind, name }) => {
    emulated.each([
      { key: 'rsa', described: 'Private-Key: (2048 bit, 2 primes)' },
      { key: 'ec', described: 'ASN1 OID: prime256v1' },
    ])('makes a key ($key) that OpenSSL accepts', ({ key, described }) => {
      const { generator, privateKey, publicKey, ...rest } = made(kind, kind === 'native' ? guest.built('rsa-keygen.node') : worker, key);
      expect([generator, rest.architecture]).toEqual([name, architecture]);
      const pem = `-----BEGIN PRIVATE KEY-----\n${privateKey.replaceAll(/.{64}/g, '$&\n')}\n-----END PRIVATE KEY-----\n`;
      expect(acceptedByOpenssl(pem)).toContain(described);
      expect(Buffer.from(openssl(['pkey', '-pubout', '-outform', 'DER'], pem).bytes).toString('base64')).toBe(publicKey);
    });
  });
});
