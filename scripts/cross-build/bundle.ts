import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { build } from 'esbuild';
import { root } from '../tools.ts';

/** Bundles a program of the compact host into one module that imports nothing but the host's modules; `entry` exports `run`. */
export async function bundle(entry: string, output: string): Promise<void> {
  mkdirSync(dirname(output), { recursive: true });
  await build({
    absWorkingDir: root,
    entryPoints: [entry],
    outfile: output,
    bundle: true,
    format: 'esm',
    target: 'es2023',
    external: ['signet:*'],
    // Names take room in the bytecode.
    minify: true,
    logLevel: 'warning',
    tsconfigRaw: {},
  });
}
