import type { Bar } from './figures.ts';
import type { Size } from './sizes.ts';

const atLeast = (bound: number): Bar => ({ relation: '>=', bound });
const atMost = (bound: number): Bar => ({ relation: '<=', bound });

/** What the product is held to: how many times cheaper than OpenSSL 3.5 a key must be. */
export const timesCheaper: Readonly<Record<string, Readonly<Record<Size, Bar>>>> = {
  ifma: { 2048: atLeast(10), 4096: atLeast(10), 8192: atLeast(8.5) },
  avx2: { 2048: atLeast(4), 4096: atLeast(4), 8192: atLeast(3.4) },
  mulx: { 2048: atLeast(3.5), 4096: atLeast(3), 8192: atLeast(2.3) },
  aarch64: { 2048: atLeast(3), 4096: atLeast(2.5), 8192: atLeast(2.7) },
  'mipsel 24Kc': { 2048: atLeast(4.5), 4096: atLeast(5), 8192: atLeast(5) },
};

/** What a second thread brings, by tests. */
export const secondThread: Readonly<Record<Size, Bar>> = { 2048: atLeast(1.75), 4096: atLeast(1.85), 8192: atLeast(1.9) };

/** No peer may be faster: its mean over our modelled cost. */
export const noSlower = atLeast(1);

/** How near to the model the mean of sampled keys is. */
export const nearModel: Bar = { relation: '1 +-', bound: 0.1 };

/** An EC key, milliseconds. */
export const ecMilliseconds = { 'x86-64': atMost(1), mipsel: atMost(50) } as const;

/** Memory of a job, MB. */
export const jobMegabytes = { 'x86-64': atMost(6), mipsel: atMost(2) } as const;

/**
 * Object code of the generator's crate on mipsel, KB. What the curves' crates make of themselves is not in it, and is printed beside it: at
 * 243 KB it would not fit, and compiled for size P-384 would be too slow.
 */
export const objectKilobytes = atMost(150);
