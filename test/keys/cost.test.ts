import { describe, expect, it } from 'vitest';
import { CostLimit } from '../../src/keys/cost.ts';
import { errorLike } from '../mutations.ts';

describe('what the derivations of one file may cost', () => {
  it('is 5,000,000 rounds each and four times that together', () => {
    const cost = new CostLimit();
    for (let i = 0; i < 4; i++) cost.spendRounds(5_000_000);
    expect(() => cost.spendRounds(1)).toThrow(errorLike('KeyError', 'too-costly', 'more than 20000000 rounds'));
  });

  it('is scrypt four times, each with 32 MiB gone over 16 times', () => {
    const cost = new CostLimit();
    for (let i = 0; i < 4; i++) cost.spendScrypt(32_768, 8, 16);
    expect(() => cost.spendScrypt(2, 1, 1)).toThrow(errorLike('KeyError', 'too-costly', 'more than 20000000 rounds'));
  });

  it('is no more memory by many passes of few but wide blocks', () => {
    expect(() => new CostLimit().spendScrypt(2, 1 << 17, 16)).toThrow(
      errorLike('KeyError', 'too-costly', 'scrypt with 301989888 bytes of memory'),
    );
  });

  it('is counted for each file anew', () => {
    for (let i = 0; i < 10; i++) expect(() => new CostLimit().spendRounds(5_000_000)).not.toThrow();
  });
});
