/** What a figure is held to, and whether it is: what could not be measured never passes. */
export type Verdict = 'met' | 'NOT MET' | 'not measured';

export interface Bar {
  /** `1 +-`: no farther from 1 than the bound. */
  readonly relation: '>=' | '<=' | '1 +-';
  readonly bound: number;
}

export interface Figure {
  /** The table it stands in. */
  readonly table: string;
  readonly row: string;
  readonly column: string;
  /** Absent where it was not measured: `note` says why. */
  readonly value?: number | undefined;
  readonly bar?: Bar;
  readonly note?: string | undefined;
}

export function verdict({ value, bar }: Pick<Figure, 'value' | 'bar'>): Verdict | undefined {
  if (bar === undefined) return undefined;
  if (value === undefined || Number.isNaN(value)) return 'not measured';
  return holds[bar.relation](value, bar.bound) ? 'met' : 'NOT MET';
}

const holds: Readonly<Record<Bar['relation'], (value: number, bound: number) => boolean>> = {
  '>=': (value, bound) => value >= bound,
  '<=': (value, bound) => value <= bound,
  '1 +-': (value, bound) => Math.abs(value - 1) <= bound,
};

/** One column for each column name, in the order in which they come up. */
export function printed(figures: readonly Figure[]): string {
  return unique(figures.map(({ table }) => table))
    .map((table) =>
      tableOf(
        table,
        figures.filter((figure) => figure.table === table),
      ),
    )
    .join('\n');
}

function tableOf(title: string, figures: readonly Figure[]): string {
  const columns = unique(figures.map(({ column }) => column));
  const rows = unique(figures.map(({ row }) => row));
  const notes: string[] = [];
  const cells = rows.map((row) => [
    row,
    ...columns.map((column) => {
      const figure = figures.find((candidate) => candidate.row === row && candidate.column === column);
      return figure === undefined ? '' : cell(figure, notes);
    }),
  ]);
  const all = [['', ...columns], ...cells];
  const widths = columns.map((_, i) => Math.max(...all.map((line) => line[i + 1]?.length ?? 0)));
  const first = Math.max(...rows.map((row) => row.length));
  const lines = all.map(
    ([row = '', ...rest]) => `  ${row.padEnd(first)}${rest.map((text, i) => `  ${text.padStart(widths[i] ?? 0)}`).join('')}`,
  );
  return [title, ...lines.map((line) => line.trimEnd()), ...notes.map((note, i) => `  [${i + 1}] ${note}`), ''].join('\n');
}

function cell(figure: Figure, notes: string[]): string {
  const judged = verdict(figure);
  const parts = [
    figure.value === undefined ? 'not measured' : rounded(figure.value),
    ...(figure.bar === undefined ? [] : [`(${figure.bar.relation} ${figure.bar.bound}${judged === 'not measured' ? '' : ` ${judged}`})`]),
  ];
  if (figure.note !== undefined) {
    if (!notes.includes(figure.note)) notes.push(figure.note);
    parts.push(`[${notes.indexOf(figure.note) + 1}]`);
  }
  return parts.join(' ');
}

/** Three figures that mean something. */
function rounded(value: number): string {
  const magnitude = value === 0 ? 0 : Math.floor(Math.log10(Math.abs(value)));
  return value.toFixed(Math.min(8, Math.max(0, 2 - magnitude)));
}

function unique<T>(values: readonly T[]): T[] {
  return [...new Set(values)];
}
