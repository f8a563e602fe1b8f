import { rmSync } from 'node:fs';
import { build } from 'esbuild';
import { root } from '../tools.ts';

/**
 * Bundles a program of the compact host into a folder: `main.js`, which exports `run`, and what is loaded when it is imported there. They import
 * nothing but each other and the host's modules.
 */
export async function bundle(entry: string, folder: string): Promise<void> {
  rmSync(folder, { recursive: true, force: true });
  await build({
    absWorkingDir: root,
    entryPoints: [{ in: entry, out: 'main' }],
    outdir: folder,
    bundle: true,
    splitting: true,
    chunkNames: '[name]-[hash]',
    format: 'esm',
    target: 'es2023',
    external: ['signet:*'],
    // Names take room in the bytecode.
    minify: true,
    logLevel: 'warning',
    tsconfigRaw: {},
  });
}
