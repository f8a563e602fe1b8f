// What runs in the guest's Node: `program.cjs native ADDON rsa` and `program.cjs fallback WORKER ec` write one line of JSON.
import { pathToFileURL } from 'node:url';
import { neverCancelled } from '../../src/platform/cancel.ts';
import type { KeyGenerator, KeySpec } from '../../src/platform/keygen.ts';
import { loadAddon } from '../../src/platform/node/keygen/addon.ts';
import { ForgeKeyGenerator } from '../../src/platform/node/keygen/forge.ts';
import { NativeKeyGenerator } from '../../src/platform/node/keygen/native.ts';

export interface Made {
  generator: string;
  architecture: string;
  /** DER in base 64. */
  privateKey: string;
  publicKey: string;
}

const specs: Readonly<Record<string, KeySpec>> = { rsa: { type: 'rsa', bits: 2048 }, ec: { type: 'ec', curve: 'prime256v1' } };

function generator(kind: string | undefined, path: string): KeyGenerator {
  if (kind !== 'native') return new ForgeKeyGenerator(pathToFileURL(path));
  const addon = loadAddon(path);
  if (!addon.loaded) throw new Error(addon.reason);
  return new NativeKeyGenerator(addon.exports);
}

async function main([kind, path = '', wanted = '']: readonly string[]): Promise<void> {
  const spec = specs[wanted];
  if (spec === undefined) throw new Error(`no such key: ${wanted}`);
  const chosen = generator(kind, path);
  const key = await chosen.generate(spec, neverCancelled);
  const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
  const made: Made = {
    generator: chosen.name,
    architecture: process.arch,
    privateKey: base64(key.privateKey),
    publicKey: base64(key.publicKey),
  };
  process.stdout.write(`${JSON.stringify(made)}\n`);
}

// oxlint-disable-next-line unicorn/prefer-top-level-await -- CommonJS, which Node 18 runs, has none
void main(process.argv.slice(2));
