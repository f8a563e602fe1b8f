export interface Summary {
  readonly count: number;
  readonly mean: number;
  readonly median: number;
  /** The 95th percentile. */
  readonly p95: number;
  /** Half the width of the 95 % interval of the mean; NaN for one sample. */
  readonly interval: number;
}

/** Key generation times scatter by nature: a mean without its interval says little. */
export function summary(samples: readonly number[]): Summary {
  const sorted = samples.toSorted((a, b) => a - b);
  const count = sorted.length;
  const mean = average(sorted);
  const variance = sorted.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (count - 1);
  return {
    count,
    mean,
    median: quantile(sorted, 0.5),
    p95: quantile(sorted, 0.95),
    interval: student95(count - 1) * Math.sqrt(variance / count),
  };
}

/** How many there are and how far off their mean may be: "60 keys, +-15 %". */
export function precision({ count, mean, interval }: Summary): string {
  return `${count} keys, +-${((interval / mean) * 100).toFixed(0)} %`;
}

export function sum(samples: readonly number[]): number {
  return samples.reduce((total, x) => total + x, 0);
}

export function average(samples: readonly number[]): number {
  return sum(samples) / samples.length;
}

export function median(samples: readonly number[]): number {
  return quantile(
    samples.toSorted((a, b) => a - b),
    0.5,
  );
}

/** Linear between the two nearest ranks. */
function quantile(sorted: readonly number[], share: number): number {
  const at = share * (sorted.length - 1);
  const below = sorted[Math.floor(at)] ?? Number.NaN;
  const above = sorted[Math.ceil(at)] ?? Number.NaN;
  return below + (above - below) * (at - Math.floor(at));
}

/** Student's t, two-sided 95 %, by degrees of freedom: the series of Abramowitz and Stegun 26.7.5, right to 1 % from 6 degrees on. */
function student95(degrees: number): number {
  const exact = [Number.NaN, 12.706, 4.303, 3.182, 2.776, 2.571];
  const z = 1.959964;
  return exact[degrees] ?? z + (z ** 3 + z) / (4 * degrees) + (5 * z ** 5 + 16 * z ** 3 + 3 * z) / (96 * degrees ** 2);
}
