/** What a piece of console text is; how it looks is the terminal's affair. */
export type Style = 'plain' | 'prompt' | 'path' | 'command' | 'argument' | 'value' | 'variable' | 'comment' | 'error' | 'dim';

export interface Span {
  readonly text: string;
  readonly style: Style;
}

export const plain = (text: string): Span => ({ text, style: 'plain' });

/** What a terminal of some TERM can do. */
export interface Abilities {
  /** Understands ECMA-48 cursor movement; without it there are carriage return, backspace and blanks. */
  readonly movement: boolean;
  readonly colours: boolean;
  /** Marks what was pasted, so that a Tab in it is no key. */
  readonly bracketedPaste: boolean;
}

/**
 * Judged by TERM, as there is no terminfo on a router. `-m` and `-mono` are terminfo's own endings for a terminal without colours;
 * a client whose NO_COLOR is set says so in this way.
 */
export function abilitiesOf(type: string): Abilities {
  const movement = type !== '' && type !== 'dumb' && type !== 'unknown' && type !== 'network';
  const colours = movement && !/^vt[0-9]|-m(ono)?$/.test(type);
  const bracketedPaste = /^(xterm|screen|tmux|rxvt|alacritty|foot|kitty|konsole|gnome|putty|linux|wezterm|st)\b/.test(type);
  return { movement, colours, bracketedPaste };
}

/** What asks a terminal to mark what is pasted (xterm's private mode 2004), and no longer to; nothing for one that can't. */
export function pasteMarksOf(type: string): { readonly on: string; readonly off: string } {
  return abilitiesOf(type).bracketedPaste ? { on: '\u001b[?2004h', off: '\u001b[?2004l' } : { on: '', off: '' };
}

/** SGR parameters (ECMA-48 8.3.117): RouterOS' cyan paths, magenta commands and green arguments. */
const renditions: Readonly<Record<Style, string>> = {
  plain: '',
  prompt: '',
  path: '36',
  command: '35',
  argument: '32',
  value: '',
  variable: '33',
  comment: '2',
  error: '31',
  dim: '2',
};

/** The escape sequence that turns a style on, or the empty string for one that looks plain. */
export function beginStyle(style: Style): string {
  return renditions[style] === '' ? '' : `\u001b[${renditions[style]}m`;
}

export const endStyle = '\u001b[m';

/** The spans as text with escape sequences, or as bare text where there are no colours. */
export function render(spans: readonly Span[], colours: boolean): string {
  return spans
    .map(({ text, style }) => {
      const begin = colours ? beginStyle(style) : '';
      return begin === '' ? text : begin + text + endStyle;
    })
    .join('');
}

/** A control character in text from outside could move the cursor: it is shown as a question mark instead. */
export function withoutControls(text: string): string {
  return [...text].map((character) => (isControl(character.charCodeAt(0)) ? '?' : character)).join('');
}

function isControl(unit: number): boolean {
  return unit < 0x20 || (unit >= 0x7f && unit < 0xa0);
}
