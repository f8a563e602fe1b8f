/**
 * `node addon-keys.ts CURVE|ed25519 COUNT`: keys by the native addon as Node calls it, one after the other; one line of JSON with the mean CPU
 * seconds of the process, the job's thread among them.
 */
import type { KeySpec } from '../../src/platform/keygen.ts';
import { defaultAddonPath, loadAddon } from '../../src/platform/node/keygen/addon.ts';

const [name = '', count = ''] = process.argv.slice(2);
const specs: Readonly<Record<string, KeySpec>> = {
  prime256v1: { type: 'ec', curve: 'prime256v1' },
  secp384r1: { type: 'ec', curve: 'secp384r1' },
  secp521r1: { type: 'ec', curve: 'secp521r1' },
  ed25519: { type: 'ed25519' },
};
const spec = specs[name];
if (spec === undefined) throw new Error(`${name}: expected ${Object.keys(specs).join(', ')}`);
const addon = loadAddon(defaultAddonPath);
if (!addon.loaded) throw new Error(addon.reason);
const { exports } = addon;

async function keys(spec: KeySpec, count: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    const outcome = await exports.generate(spec, new exports.CancelToken(), () => {});
    if ('code' in outcome) throw new Error(outcome.message);
  }
}

await keys(spec, 3);
const start = process.cpuUsage();
await keys(spec, Number(count));
const { user, system } = process.cpuUsage(start);
console.log(JSON.stringify({ cpu: (user + system) / 1e6 / Number(count) }));
