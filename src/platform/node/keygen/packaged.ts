import { getRawAsset } from 'node:sea';
import type { KeyGeneratorChoice } from '../keygen.ts';
import type { LoadedAddon } from './addon.ts';
import { ForgeKeyGenerator } from './forge.ts';
import { NativeKeyGenerator } from './native.ts';

/** As `chooseKeyGenerator`, in the program that is one file: the fallback's worker is an asset of it. */
export function choosePackagedKeyGenerator(addon: LoadedAddon): KeyGeneratorChoice {
  if (addon.loaded) return { generator: new NativeKeyGenerator(addon.exports) };
  const worker = Buffer.from(getRawAsset('forge-worker.mjs')).toString('base64');
  const generator = new ForgeKeyGenerator(new URL(`data:text/javascript;base64,${worker}`));
  return { generator, note: `${addon.reason}, so RSA keys take long` };
}
