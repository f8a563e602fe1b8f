import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { root } from './tools.ts';

/** A text file of the tree, its path relative to the root and written with `/`. */
export interface Source {
  path: string;
  text: string;
}

const skipped = new Set(['node_modules', '.git', '.cache', 'target', 'signet-store', 'dist', 'package-lock.json', 'Cargo.lock', 'go.sum']);
const binary = /\.(?:node|p12|pfx|der|bin|png|jks|db|wasm|so)$/;

/** Every text file of the tree that is written by hand. */
export function sources(): Source[] {
  return [...walk(root)].map((path) => ({ path: relative(root, path).replaceAll('\\', '/'), text: readFileSync(path, 'utf8') }));
}

function* walk(folder: string): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (skipped.has(entry.name)) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* walk(path);
    else if (entry.isFile() && !binary.test(entry.name)) yield path;
  }
}
