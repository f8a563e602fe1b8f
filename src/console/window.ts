import type { Terminal } from '../platform/terminal.ts';
import type { Window } from './line-painter.ts';
import { abilitiesOf } from './style.ts';

/** The window of a terminal that does not tell its size, such as a serial line's. */
const usualColumns = 80;
const usualRows = 24;

export function windowOf(terminal: Terminal): Window {
  const { movement, colours } = abilitiesOf(terminal.type);
  return { columns: terminal.columns || usualColumns, rows: terminal.rows || usualRows, movement, colours };
}
