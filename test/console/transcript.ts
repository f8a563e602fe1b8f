import type { WindowSize } from './pseudo-terminal.ts';

/**
 * A transcript is what a screen shows at the end of a session, with a first line about the window:
 *
 *     @ columns=120 rows=40 term=xterm-256color
 *     [admin@router] > /certificate
 *     [admin@router] /certificate> print
 *
 * What stands behind a prompt is typed, with Enter. Keys that do not show as they are typed stand behind ` << ` in a line that shows
 * what is there before; the line after it shows what it becomes:
 *
 *     [admin@router] > << pr{Tab}{Enter}
 *     [admin@router] > print
 *
 * Masks stand for what differs from run to run: `<hex64>`, `<hex44>`, `<hex40>`, `<date>`, `<n>`, `<text>`,
 * and `<gap>` for two blanks or more.
 */
export interface Transcript {
  readonly window: WindowSize;
  readonly steps: readonly Step[];
}

export interface Step {
  /** What the person types; the last step types nothing. */
  readonly keys: string;
  /** What the whole screen must show before. */
  readonly screen: RegExp;
  /** The same as text, to compare by eye. */
  readonly shown: string;
}

const prompt = /^(\[[^\]]+\] (?:\/\S*)?> ?|\{\.\.\. )/;

export function parseTranscript(text: string): Transcript {
  const [about = '', ...lines] = text.trimEnd().split('\n');
  const steps: Step[] = [];
  const shown: string[] = [];
  const step = (keys: string, last?: string): void => {
    const expected = last === undefined ? shown : [...shown, last];
    steps.push({ keys, screen: patternOf(expected), shown: expected.join('\n') });
  };
  let typed = false;
  for (const line of lines) {
    const [before = '', keys] = line.split(' << ');
    const at = prompt.exec(before)?.[0];
    if (keys !== undefined) step(keysOf(keys), before.trimEnd());
    else {
      if (at !== undefined && at.length < line.length && !typed) step(`${line.slice(at.length)}\r`, at.trimEnd());
      shown.push(line.trimEnd());
    }
    typed = keys !== undefined;
  }
  step('');
  return { window: windowOf(about), steps };
}

function windowOf(about: string): WindowSize {
  const settings = new Map(about.split(' ').map((word) => [word.split('=')[0] ?? '', word.split('=')[1] ?? '']));
  return {
    columns: Number(settings.get('columns') ?? 80),
    rows: Number(settings.get('rows') ?? 24),
    type: settings.get('term') ?? 'xterm-256color',
  };
}

const keyBytes: Readonly<Record<string, string>> = {
  Enter: '\r',
  Tab: '\t',
  Up: '\u001b[A',
  Down: '\u001b[B',
  Right: '\u001b[C',
  Left: '\u001b[D',
  Home: '\u001b[H',
  End: '\u001b[F',
  Delete: '\u001b[3~',
  Backspace: '\u007f',
  F1: '\u001bOP',
  F3: '\u001bOR',
};

function keysOf(written: string): string {
  return written.replaceAll(/\{(\^?)(\w+)\}/g, (_, control: string, name: string) =>
    control === '^' ? String.fromCharCode(name.charCodeAt(0) - 0x40) : (keyBytes[name] ?? ''),
  );
}

const masks: Readonly<Record<string, string>> = {
  '<hex64>': '[0-9a-f]{64}',
  '<hex44>': '[0-9a-f]{44}',
  '<hex40>': '[0-9A-F]{40}',
  '<date>': '\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d',
  '<n>': '\\d+',
  '<text>': '[^\\n]*',
  '<gap>': ' {2,}',
};

/** Matches a screen whose first prompt begins these lines; what a program says before it is not its subject. */
function patternOf(lines: readonly string[]): RegExp {
  const pattern = lines
    .join('\n')
    .split(/(<\w+>)/)
    .map((part) => masks[part] ?? part.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`))
    .join('');
  return new RegExp(`^(?:(?!\\[\\w+@)[^\\n]*\\n)*${pattern}$`);
}
