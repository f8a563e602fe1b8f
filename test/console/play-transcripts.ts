import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { patience } from '../patience.ts';
import { PseudoTerminal } from './pseudo-terminal.ts';
import { parseTranscript } from './transcript.ts';

const folder = new URL('transcripts/', import.meta.url);
const names = readdirSync(folder).filter((name) => name.endsWith('.txt'));

/** Plays a transcript up to the first screen that is not as it should be. */
async function play(
  program: readonly string[],
  store: string,
  name: string,
): Promise<{ shown: string; expected: string; status: number | undefined }> {
  const { window, steps } = parseTranscript(readFileSync(new URL(name, folder), 'utf8'));
  const terminal = new PseudoTerminal([...program, '--store', store], window);
  const screen = (): string => terminal.lines.join('\n');
  let wrong: { shown: string; expected: string } | undefined;
  for (const step of steps) {
    const right = await terminal.until(() => step.screen.test(screen()));
    wrong = right ? undefined : { shown: screen(), expected: step.shown };
    if (!right) break;
    terminal.press(step.keys);
  }
  terminal.press('\u0003\u0004');
  await terminal.until(() => terminal.status !== undefined);
  return { ...(wrong ?? { shown: '', expected: '' }), status: terminal.status };
}

/** Plays every transcript over a program: a command and its arguments. */
export function playTranscripts(program: readonly string[]): void {
  let store = '';

  beforeEach(() => {
    store = mkdtempSync(join(tmpdir(), 'signet-transcript-'));
  });

  afterEach(() => {
    rmSync(store, { recursive: true, force: true });
  });

  describe('a person at the console sees', () => {
    it.each(names)('%s', { timeout: 10 * patience }, async (name) => {
      const { shown, expected, status } = await play(program, store, name);
      expect(shown).toBe(expected);
      expect(status).toBe(0);
    });
  });
}
