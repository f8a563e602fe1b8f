import { type Addon, defaultAddonPath, loadAddon } from '../../../src/platform/node/keygen/addon.ts';

const addon = loadAddon(defaultAddonPath);

/** Whether the addon is tried: where Rust is missing it can't be built, but in CI nothing is left out. */
export const addonIsTried = addon.loaded || process.env['CI'] === 'true';

/** The addon of this clone; an error that says why where there is none. */
export function builtAddon(): Addon {
  if (!addon.loaded) throw new Error(addon.reason);
  return addon.exports;
}
