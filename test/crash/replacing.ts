import { NodeFiles } from '../../src/platform/node/files.ts';
import type { Workload } from './workload.ts';

const name = 'ca.crt';

/** Replaces one file by the next version, again and again. A file in part, an old one, or anything beside it is a broken promise. */
export const workload: Workload = {
  async prepare(folder) {
    await (await NodeFiles.open(folder)).replace(name, content(0));
  },

  async run(folder, _databases, acknowledge) {
    const files = await NodeFiles.open(folder);
    const [version = 0] = await files.read(name, 100_000);
    for (let n = version + 1; n <= version + 3; n++) {
      await files.replace(name, content(n));
      acknowledge(String(n));
    }
  },

  async check(folder, acknowledged) {
    const files = await NodeFiles.open(folder);
    const names = (await files.list()).map((entry) => entry.name);
    if (names.join() !== name) throw new Error(`found ${names.join()}`);
    const found = await files.read(name, 100_000);
    const [version = 0] = found;
    if (!content(version).equals(found)) throw new Error(`version ${version} is there in part: ${found.length} bytes`);
    if (version < Number(acknowledged.at(-1) ?? 0)) throw new Error(`version ${acknowledged.at(-1)} was acknowledged and is gone`);
  },
};

function content(version: number): Buffer {
  return Buffer.alloc(5000 + version, version);
}
