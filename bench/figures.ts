export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** What the product is held to, if anything. */
  readonly bar?: string;
}

/** A line each. */
export function show(figures: readonly Figure[]): void {
  for (const { name, value, unit, bar } of figures) {
    console.log(`${name.padEnd(72)} ${value.toPrecision(3).padStart(9)} ${unit.padEnd(4)} ${bar ?? ''}`);
  }
}
