import type { KeyGenerator } from '../keygen.ts';
import { defaultAddonPath, loadAddon } from './keygen/addon.ts';
import { ForgeKeyGenerator } from './keygen/forge.ts';
import { NativeKeyGenerator } from './keygen/native.ts';

export interface KeyGeneratorChoice {
  readonly generator: KeyGenerator;
  /** One line for the user of a generator that is not the best one: what is missing and how to get it. */
  readonly note?: string;
}

/** The native generator where its addon can be loaded, else the fallback. To be called once, at start. */
export function chooseKeyGenerator(addonPath: string = defaultAddonPath): KeyGeneratorChoice {
  const addon = loadAddon(addonPath);
  if (addon.loaded) return { generator: new NativeKeyGenerator(addon.exports) };
  const note = `${addon.reason}, so RSA keys take long; npm run build:native makes it`;
  return { generator: new ForgeKeyGenerator(), note };
}
