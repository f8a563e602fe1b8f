import { utf8 } from '../bytes/utf8.ts';
import type { Terminal } from '../platform/terminal.ts';
import type { KeyReader } from './key-reader.ts';
import { type Look, painted } from './layout/look.ts';
import { beginning, cells, visible } from './layout/visible-text.ts';
import { wrappedWords } from './layout/wrapped.ts';
import type { Window } from './line-painter.ts';
import { beginStyle, endStyle, type Style } from './style.ts';
import { windowOf } from './window.ts';

/** Where the lines go that commands show. */
export interface Screen {
  /** How lines should be made: their width, and their colours. */
  readonly look: Look;
  /** Shows a line that holds no control characters but those of `look`. False when the person has seen enough of this output. */
  line(text: string): boolean | Promise<boolean>;
  /** What the running command shows is not stopped after a screen. */
  withoutPaging(): void;
  /** Shows how far a command is, in place of what it showed before. */
  progress(text: string): void;
  /** Shows a warning of the running command, where a person looks; a script's are in the log. */
  warn(text: string): void;
  /** The command is done: its last progress stays. */
  endProgress(): void;
  /** Sends what was shown so far: the next command may take long. */
  flush(): Promise<void>;
  /** Ends the output of a command: a progress line is left as it is, and everything has been sent. */
  finish(): Promise<void>;
}

/** Output is sent in pieces of about so many characters. */
const pieceLength = 8192;

const pagerPrompt = '-- [Q quit|D dump|down]';

/** The escape sequences of `paint`. */
const renditions = /\u001b\[[0-9]*m/g;

function paint(style: Style, text: string): string {
  const begin = beginStyle(style);
  return begin === '' ? text : begin + text + endStyle;
}

/** The screen of a person: pages, colours, and a progress line that changes in place. */
export class PagedScreen implements Screen {
  readonly #terminal: Terminal;
  readonly #keys: KeyReader;
  #pending = '';
  #sending: Promise<void> = Promise.resolve();
  #rowsShown = 0;
  #paging = true;
  #quit = false;
  #progress: string | undefined;

  constructor(terminal: Terminal, keys: KeyReader) {
    this.#terminal = terminal;
    this.#keys = keys;
  }

  get look(): Look {
    const { columns, colours } = windowOf(this.#terminal);
    return colours ? { width: columns, paint } : { width: columns };
  }

  /** A command begins: pages count from here. */
  begin(): void {
    this.#rowsShown = 0;
    this.#paging = true;
    this.#quit = false;
  }

  withoutPaging(): void {
    this.#paging = false;
  }

  line(text: string): boolean | Promise<boolean> {
    this.endProgress();
    if (!this.#paging) return this.#show(text);
    const window = windowOf(this.#terminal);
    const rows = Math.max(Math.ceil(cells(text.replaceAll(renditions, '')) / window.columns), 1);
    // One row is the pager's own. A line of more rows than there are is shown all the same.
    const fits = this.#rowsShown === 0 || this.#rowsShown + rows <= window.rows - 1;
    if (!fits) return this.#showOnNextPage(text, rows, window);
    this.#rowsShown += rows;
    return this.#show(text);
  }

  async #showOnNextPage(text: string, rows: number, window: Window): Promise<boolean> {
    await this.#pause(rows, window);
    this.#rowsShown += rows;
    return this.#show(text);
  }

  #show(text: string): boolean | Promise<boolean> {
    if (this.#quit) return false;
    this.#pending += `${text}\r\n`;
    return this.#pending.length < pieceLength || this.flush().then(() => true);
  }

  progress(text: string): void {
    const window = windowOf(this.#terminal);
    const shown = beginning(`  progress: ${visible(text)}`, window.columns - 1);
    const blanks = Math.max(cells(this.#progress ?? '') - cells(shown), 0);
    this.#pending += `${this.#progress === undefined ? '' : '\r'}${shown}${' '.repeat(blanks)}${'\b'.repeat(blanks)}`;
    this.#progress = shown;
    // A terminal that is gone says so to the next line.
    this.flush().catch(() => undefined);
  }

  warn(text: string): void {
    this.endProgress();
    const { look } = this;
    for (const line of wrappedWords(`warning: ${visible(text)}`, look.width)) this.#pending += `${painted(look, 'error', line)}\r\n`;
    this.#rowsShown++;
  }

  finish(): Promise<void> {
    this.endProgress();
    return this.flush();
  }

  endProgress(): void {
    if (this.#progress === undefined) return;
    this.#pending += '\r\n';
    this.#progress = undefined;
  }

  /** One write after another. */
  flush(): Promise<void> {
    const bytes = utf8(this.#pending);
    this.#pending = '';
    if (bytes.length > 0) this.#sending = this.#sending.then(() => this.#terminal.write(bytes));
    return this.#sending;
  }

  async #pause(rows: number, window: Window): Promise<void> {
    const prompt = beginning(pagerPrompt, window.columns - 1);
    this.#pending += prompt;
    await this.flush();
    this.#rowsShown = await this.#rowsKept(rows, window);
    this.#pending += window.movement ? '\r\u001b[K' : `\r${' '.repeat(prompt.length)}\r`;
    if (this.#quit || !this.#paging) await this.flush();
  }

  /** Waits for a key that says how to go on, and how many of the rows shown count to the next page. */
  async #rowsKept(rows: number, window: Window): Promise<number> {
    for (;;) {
      const key = await this.#keys.next();
      const pressed = key === undefined ? 'Q' : key.type === 'named' ? key.name : key.type === 'control' ? `^${key.letter}` : key.text;
      switch (pressed) {
        case 'Q':
        case 'q':
        case '^C':
          this.#quit = true;
          return 0;
        case 'D':
        case 'd':
          this.#paging = false;
          return 0;
        case 'enter':
          return Math.max(window.rows - 1 - rows, 0);
        case 'down':
        case 'page-down':
        case ' ':
          return 0;
        default:
      }
    }
  }
}

/** What goes to no terminal: nothing is cut, coloured or paged, and of the progress only the last is told. */
export class PlainScreen implements Screen {
  readonly look: Look = {};
  readonly #write: (bytes: Uint8Array) => Promise<void>;
  readonly #pending: string[] = [];
  #length = 0;
  #progress: string | undefined;

  constructor(write: (bytes: Uint8Array) => Promise<void>) {
    this.#write = write;
  }

  line(text: string): boolean | Promise<boolean> {
    this.endProgress();
    this.#pending.push(text, '\n');
    this.#length += text.length + 1;
    return this.#length < pieceLength || this.flush().then(() => true);
  }

  withoutPaging(): void {
    // There are no pages.
  }

  progress(text: string): void {
    this.#progress = text;
  }

  warn(): void {
    // The log has it.
  }

  finish(): Promise<void> {
    this.endProgress();
    return this.flush();
  }

  endProgress(): void {
    if (this.#progress !== undefined) this.#pending.push(`  progress: ${visible(this.#progress)}\n`);
    this.#progress = undefined;
  }

  async flush(): Promise<void> {
    const bytes = utf8(this.#pending.join(''));
    this.#pending.length = 0;
    this.#length = 0;
    if (bytes.length > 0) await this.#write(bytes);
  }
}
