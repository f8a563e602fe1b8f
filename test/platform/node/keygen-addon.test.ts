import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { CancelSource, neverCancelled } from '../../../src/platform/cancel.ts';
import type { GeneratedKey, KeyGenerationProgress } from '../../../src/platform/keygen.ts';
import type { AddonFailure, KeyGeneratorExports } from '../../../src/platform/node/keygen/addon.ts';
import { NativeKeyGenerator } from '../../../src/platform/node/keygen/native.ts';
import { addonIsTried, builtAddon } from './native-addon.ts';

/** What JavaScript may hand to the addon, whatever the types say. */
type Spec = Readonly<Record<string, unknown>>;

async function called(name: 'generate' | 'expectedSeconds', ...args: readonly unknown[]): Promise<unknown> {
  const exports = builtAddon();
  const outcome: unknown = Reflect.apply(Reflect.get(exports, name), exports, args);
  return outcome;
}

const generate = (spec: Spec): Promise<unknown> => called('generate', spec, new (builtAddon().CancelToken)(), () => undefined);
const expectedSeconds = (spec: Spec): Promise<unknown> => called('expectedSeconds', spec);

const impossible = (what: string, value: unknown): string =>
  `${what} is a whole number; ${typeof value === 'string' ? `'${value}'` : String(value)} is not one that is possible`;

describe.runIf(addonIsTried)('the addon', () => {
  it.each([0, 7, 1023, 8193])('refuses an RSA key of %d bits', async (bits) => {
    const refused = { code: 'size', message: `an RSA key has 1024 to 8192 bits, a multiple of 128; ${bits} is not` };
    expect(await generate({ type: 'rsa', bits })).toEqual(refused);
    expect(await expectedSeconds({ type: 'rsa', bits })).toEqual(refused);
  });

  it.each([-1, Number.NaN, 2048.5, 2 ** 32 + 2048, Number.POSITIVE_INFINITY, 'x', undefined])(
    'refuses an RSA key of %s bits',
    async (bits) => {
      const refused = { code: 'size', message: impossible('the size of an RSA key', bits) };
      expect(await generate({ type: 'rsa', bits })).toEqual(refused);
      expect(await expectedSeconds({ type: 'rsa', bits })).toEqual(refused);
    },
  );

  it.each([2, 3, 65_536])('refuses the exponent %d', async (exponent) => {
    const message = `the public exponent of an RSA key is 65537; ${exponent} is not offered`;
    expect(await generate({ type: 'rsa', bits: 2048, exponent })).toEqual({ code: 'exponent', message });
  });

  it.each([Number.NaN, -3, 'x'])('refuses the exponent %s', async (exponent) => {
    const message = impossible('the public exponent of an RSA key', exponent);
    expect(await generate({ type: 'rsa', bits: 2048, exponent })).toEqual({ code: 'exponent', message });
  });

  it.each([0, 4096, 1e9])('refuses %d threads', async (threads) => {
    const message = expect.stringMatching(new RegExp(`^a search has 1 to \\d+ threads on this machine; ${threads} is not$`));
    expect(await generate({ type: 'rsa', bits: 2048, threads })).toEqual({ code: 'threads', message });
  });

  it.each([-1, 1.5, Number.NaN, 'x'])('refuses %s threads', async (threads) => {
    expect(await generate({ type: 'rsa', bits: 2048, threads })).toEqual({
      code: 'threads',
      message: impossible('the number of threads', threads),
    });
  });

  it.each([{ type: 'dsa' }, { type: 'ec', curve: 'secp256k1' }, { type: 7 }, {}])('refuses %o', async (spec) => {
    expect(await generate(spec)).toMatchObject({ code: 'failed', message: expect.stringContaining('a key is of type rsa with bits') });
  });

  it('throws what reading the spec throws', async () => {
    const unreadable = {
      type: 'rsa',
      get bits(): number {
        throw new RangeError('unreadable');
      },
    };
    await expect(generate(unreadable)).rejects.toThrow(new RangeError('unreadable'));
    await expect(expectedSeconds(unreadable)).rejects.toThrow(new RangeError('unreadable'));
  });
});

/** An addon that ends as it is told, with some progress that comes late. */
function ending(outcome: AddonFailure | GeneratedKey, progress: readonly KeyGenerationProgress[] = []): NativeKeyGenerator {
  const exports: KeyGeneratorExports = {
    CancelToken: class {
      cancel(): void {}
    },
    expectedSeconds: () => Promise.resolve('code' in outcome ? outcome : 1),
    generate: (_spec, _cancel, tell) => {
      for (const reached of progress) tell(reached);
      void setImmediate().then(() => tell(0.75));
      return Promise.resolve(outcome);
    },
  };
  return new NativeKeyGenerator(exports);
}

describe('NativeKeyGenerator', () => {
  it.each(['size', 'exponent', 'memory', 'threads', 'entropy', 'kernel', 'worker', 'inconsistent', 'failed'] as const)(
    'rejects with %s as the addon says',
    async (code) => {
      const generator = ending({ code, message: 'as told' });
      const error = { name: 'KeyGenerationError', code, message: 'as told' };
      await expect(generator.generate({ type: 'ed25519' }, neverCancelled)).rejects.toMatchObject(error);
      await expect(generator.expectedSeconds({ type: 'ed25519' })).rejects.toMatchObject(error);
    },
  );

  it('tells the end of a job itself, once', async () => {
    const heard: KeyGenerationProgress[] = [];
    const made = { privateKey: Uint8Array.of(1, 2), publicKey: Uint8Array.of(3) };
    const key = await ending(made, [0.5]).generate({ type: 'ed25519' }, neverCancelled, (reached) => heard.push(reached));
    await setImmediate();
    await setImmediate();
    expect(heard).toEqual([0.5, 1]);
    expect(key).toEqual({ privateKey: Uint8Array.of(1, 2), publicKey: Uint8Array.of(3) });
  });

  it('wipes a key that comes when its job was cancelled', async () => {
    const source = new CancelSource();
    const made = { privateKey: Uint8Array.of(1, 2), publicKey: Uint8Array.of(3) };
    const heard: KeyGenerationProgress[] = [];
    const job = ending(made, []).generate({ type: 'ed25519' }, source, (reached) => heard.push(reached));
    source.cancel();
    await expect(job).rejects.toMatchObject({ name: 'Cancelled' });
    expect(made.privateKey).toEqual(Uint8Array.of(0, 0));
    expect(heard).toEqual([]);
  });

  it('wipes a key when who hears of its end throws', async () => {
    const made = { privateKey: Uint8Array.of(1, 2), publicKey: Uint8Array.of(3) };
    const job = ending(made).generate({ type: 'ed25519' }, neverCancelled, () => {
      throw new RangeError('thrown by a listener');
    });
    await expect(job).rejects.toThrow(new RangeError('thrown by a listener'));
    expect(made.privateKey).toEqual(Uint8Array.of(0, 0));
  });

  it('passes on that entropy is waited for', async () => {
    const heard: KeyGenerationProgress[] = [];
    const job = ending({ code: 'cancelled', message: '' }, ['waiting for entropy', 0.5]).generate(
      { type: 'ed25519' },
      new CancelSource(),
      (reached) => heard.push(reached),
    );
    await expect(job).rejects.toMatchObject({ name: 'Cancelled' });
    expect(heard).toEqual(['waiting for entropy', 0.5]);
  });
});
