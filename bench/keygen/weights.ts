/** Guest instructions by class, as small/instructions.c has them. */
export const classes = ['plain', 'memory', 'multiply', 'longMultiply', 'vector', 'branch'] as const;
export type Instructions = Readonly<Record<(typeof classes)[number], number>>;

export type Range = readonly [low: number, high: number];

/** Cycles by class, from everything in the caches and never waited for, to what dependent code with some misses needs. */
export interface Weights {
  readonly cycles: Readonly<Record<keyof Instructions, Range>>;
  readonly megahertz: readonly number[];
}

/**
 * Estimates, not measurements. MIPS 24Kc: one instruction a cycle; a load that is used at once waits one more, a taken branch costs up to two;
 * the multiplier takes a 32x32 product every cycle, and `mul`, which writes a register, has a latency of five. Cortex-A53: two instructions a
 * cycle at best; umulh keeps the multiplier busy for four cycles; NEON is 64 bits wide, so that a 128-bit operation takes one to two.
 */
export const weights: Readonly<Record<'mipsel' | 'aarch64', Weights>> = {
  mipsel: {
    cycles: { plain: [1, 1.1], memory: [1, 1.8], multiply: [1, 4], longMultiply: [1, 2], vector: [1, 1], branch: [1, 2.5] },
    megahertz: [580, 880],
  },
  aarch64: {
    cycles: { plain: [0.5, 1], memory: [1, 1.6], multiply: [1, 3], longMultiply: [2, 5], vector: [1, 2], branch: [0.5, 1.5] },
    megahertz: [1400],
  },
};

export function total(instructions: Instructions): number {
  return classes.reduce((sum, name) => sum + instructions[name], 0);
}

/** Seconds at a clock. */
export function seconds(instructions: Instructions, { cycles }: Weights, megahertz: number): Range {
  const at = (end: 0 | 1): number => classes.reduce((sum, name) => sum + instructions[name] * cycles[name][end], 0) / (megahertz * 1e6);
  return [at(0), at(1)];
}

/** `sum of weight x instructions`, class by class. */
export function combined(terms: readonly (readonly [weight: number, instructions: Instructions])[]): Instructions {
  const sum = (name: keyof Instructions): number => terms.reduce((value, [weight, instructions]) => value + weight * instructions[name], 0);
  return Object.fromEntries(classes.map((name) => [name, sum(name)])) as Record<keyof Instructions, number>;
}
