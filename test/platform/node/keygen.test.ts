import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { neverCancelled } from '../../../src/platform/cancel.ts';
import { ForgeKeyGenerator } from '../../../src/platform/node/keygen/forge.ts';
import { NativeKeyGenerator } from '../../../src/platform/node/keygen/native.ts';
import { chooseKeyGenerator } from '../../../src/platform/node/keygen.ts';
import { keyGeneratorContract } from '../contract/keygen.ts';
import { addonIsTried, builtAddon } from './native-addon.ts';

const folder = mkdtempSync(join(tmpdir(), 'signet-keygen-'));
afterAll(() => rmSync(folder, { recursive: true }));

if (!addonIsTried) process.stderr.write('keygen.test.ts: the native generator is left out: npm run build:native was not run\n');

describe.runIf(addonIsTried)('NativeKeyGenerator', () => {
  keyGeneratorContract(2048, () => new NativeKeyGenerator(builtAddon()));

  it('is chosen where its addon is built', () => {
    expect(chooseKeyGenerator()).toMatchObject({ generator: { name: 'native' } });
    expect(chooseKeyGenerator().note).toBeUndefined();
  });
});

describe('ForgeKeyGenerator', () => {
  keyGeneratorContract(1024, () => new ForgeKeyGenerator());

  it('is chosen where the addon is not built, and says how to build it', () => {
    const { generator, note } = chooseKeyGenerator(join(folder, 'none.node'));
    expect(generator.name).toBe('node-forge (RSA), node (EC)');
    expect(note).toBe('the native key generator is not built, so RSA keys take long; npm run build:native makes it');
  });

  it('is chosen where the addon is damaged or of another machine', () => {
    const path = join(folder, 'damaged.node');
    writeFileSync(path, 'no shared object');
    const { generator, note } = chooseKeyGenerator(path);
    expect(generator.name).toBe('node-forge (RSA), node (EC)');
    expect(note).toBe(
      'the native key generator was built for another machine or Node, so RSA keys take long; npm run build:native makes it',
    );
  });

  it.each([
    ['fails', 'throw new Error("of the key");', 'failed', 'the worker that makes RSA keys failed'],
    ['ends without a key', '', 'failed', 'the worker that makes RSA keys ended without one'],
    // The error with which Node ends a worker whose heap is full.
    [
      'has no memory',
      'throw Object.assign(new Error(), { code: "ERR_WORKER_OUT_OF_MEMORY" });',
      'memory',
      'no memory for the key generator',
    ],
  ])('rejects when its worker %s', async (_, program, code, message) => {
    const path = join(folder, 'worker.mjs');
    writeFileSync(path, program);
    const job = new ForgeKeyGenerator(pathToFileURL(path)).generate({ type: 'rsa', bits: 1024 }, neverCancelled);
    await expect(job).rejects.toMatchObject({ name: 'KeyGenerationError', code, message });
  });

  it('throws a key pair away that does not fit together, and says so', async () => {
    const path = join(folder, 'inconsistent.mjs');
    // Before the worker's own code, in a thread whose signatures are all wrong.
    writeFileSync(
      path,
      `import crypto from 'node:crypto';
      import { syncBuiltinESMExports } from 'node:module';
      crypto.verify = () => false;
      syncBuiltinESMExports();
      await import(${JSON.stringify(new URL('../../../src/platform/node/keygen/forge-worker.ts', import.meta.url).href)});`,
    );
    const job = new ForgeKeyGenerator(pathToFileURL(path)).generate({ type: 'rsa', bits: 1024 }, neverCancelled);
    await expect(job).rejects.toMatchObject({
      name: 'KeyGenerationError',
      code: 'inconsistent',
      message: 'the new key pair does not fit together; it was thrown away',
    });
  });
});
