import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Target } from '../../scripts/cross-build/targets.ts';
import { environmentFor, installToolChain } from '../../scripts/cross-build/tool-chain.ts';
import { execute, intoPlace, type Problem } from '../../scripts/steps.ts';
import { cache } from '../../scripts/tools.ts';
import { must } from './programs.ts';
import { jsonLines } from './run-lines.ts';

const sources = fileURLToPath(new URL('small/openssl', import.meta.url));

/** What of OpenSSL key generation has no use for, which more than halves the build. */
const withoutParts = `
  shared dso module engine legacy tests apps docs quic threads async http ui-console
  comp cms cmp ts ct ocsp srp psk ssl-trace ml-dsa ml-kem slh-dsa sm2 sm3 sm4
  camellia aria seed idea cast bf rc2 rc4 des rmd160 whirlpool blake2 siphash gost scrypt argon2
`
  .trim()
  .split(/\s+/)
  .map((part) => `no-${part}`);

/** A static program of OpenSSL 3.5's key generation for a target, built once for all clones. */
export function opensslProgram(target: Target, configuration: readonly string[]): string {
  must(installToolChain()[0]);
  const work = join(sources, 'work.c');
  const digest = createHash('sha256')
    .update(readFileSync(work))
    .update(readFileSync(join(sources, 'Cargo.lock')));
  digest.update(JSON.stringify([configuration, withoutParts, target]));
  const place = join(cache, `openssl-${target.name}-${digest.digest('hex').slice(0, 16)}`);
  const program = join(place, 'work');
  if (!existsSync(program)) {
    process.stderr.write(`building OpenSSL for ${target.name} ...\n`);
    must(intoPlace(place, (folder) => buildOpenssl(folder, work, target, configuration)));
  }
  return program;
}

function buildOpenssl(folder: string, work: string, target: Target, configuration: readonly string[]): Problem {
  const source = opensslSource();
  const environment = environmentFor(target);
  const variable = target.name.replaceAll('-', '_');
  const cc = environment[`CC_${variable}`] ?? 'cc';
  const build = join(folder, 'build');
  mkdirSync(build);
  const options = {
    cwd: build,
    env: { ...environment, CC: cc, AR: environment[`AR_${variable}`] ?? 'ar', RANLIB: 'true' },
    maxBuffer: 1 << 28,
  };
  const problem =
    execute(['perl', join(source, 'Configure'), ...configuration, ...withoutParts], options) ??
    execute(['make', '-s', '-j2', 'build_generated'], options) ??
    execute(['make', '-s', '-j2', 'libcrypto.a'], options) ??
    execute([cc, '-O2', '-static', `-I${join(source, 'include')}`, '-Iinclude', '-o', join(folder, 'work'), work, 'libcrypto.a'], options);
  rmSync(build, { recursive: true, force: true });
  return problem;
}

/** The crate brings the sources; cargo checks them against the lock file. */
function opensslSource(): string {
  const [metadata] = jsonLines<{ packages: { name: string; manifest_path: string }[] }>([
    'cargo',
    'metadata',
    '--format-version=1',
    '--locked',
    `--manifest-path=${join(sources, 'Cargo.toml')}`,
  ]);
  const source = metadata?.packages.find(({ name }) => name === 'openssl-src');
  if (source === undefined) throw new Error('cargo does not know openssl-src');
  return join(dirname(source.manifest_path), 'openssl');
}
