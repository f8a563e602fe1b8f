import { utf8 } from '../bytes/utf8.ts';
import type { Terminal } from '../platform/terminal.ts';
import type { Assistance, Completion } from './assistance.ts';
import { candidateRows, commonStart } from './candidates.ts';
import type { History } from './history.ts';
import type { Key, KeyName } from './keys.ts';
import { charactersOf, type Draft, LineBuffer } from './line-buffer.ts';
import { LinePainter } from './line-painter.ts';
import { plain, render, type Span } from './style.ts';
import { windowOf } from './window.ts';

/**
 * How a line ended: by Enter (`too-long` if it did not fit), by Ctrl-C, with the input (Ctrl-D on an empty line), or because nothing more of it
 * could be kept.
 */
export type Edited =
  | { readonly kind: 'line'; readonly text: string }
  | { readonly kind: 'too-long' }
  | { readonly kind: 'no-room' }
  | { readonly kind: 'interrupted' }
  | { readonly kind: 'end' };

export interface LineOptions {
  readonly prompt: readonly Span[];
  readonly history?: History;
  readonly assistance?: Assistance;
  /** What is typed is not shown. */
  readonly hidden?: boolean;
}

const bell = '\u0007';

interface Search {
  /** What is looked for. */
  text: string;
  /** The line of the history that is shown. */
  index: number | undefined;
}

/** The editing of one line: the text, the place in the history, a search, and the picture of it all on the screen. */
export class Editing {
  readonly #terminal: Terminal;
  readonly #options: LineOptions;
  readonly #line = new LineBuffer();
  readonly #painter = new LinePainter();
  #painting: Promise<void> = Promise.resolve();
  /** Lines as they were left when the person went on through the history; the last is the new one. */
  readonly #drafts = new Map<number, Draft>();
  #place: number;
  #search: Search | undefined;
  #pasting = false;
  /** Enter was pasted behind a line that is too long: what follows in the paste belongs to it. */
  #dropsPaste = false;
  #beeped = false;
  #lastWasTab = false;

  constructor(terminal: Terminal, options: LineOptions) {
    this.#terminal = terminal;
    this.#options = options;
    this.#place = options.history?.length ?? 0;
  }

  /** Its characters. */
  get length(): number {
    return this.#line.characters.length;
  }

  async paint(): Promise<void> {
    if (this.#line.overflowed && !this.#beeped) {
      this.#beeped = true;
      await this.#send(() => bell);
    }
    return this.#send(() => {
      const prompt = this.#search === undefined ? this.#options.prompt : [plain(`search \`${this.#search.text}': `)];
      const cursor = charactersOf(prompt.map((span) => span.text).join('')).length;
      if (this.#options.hidden === true) return this.#painter.paint(prompt, cursor, windowOf(this.#terminal));
      const line = this.#options.assistance?.highlight(this.#line.text) ?? [plain(this.#line.text)];
      return this.#painter.paint([...prompt, ...line], cursor + this.#line.cursor, windowOf(this.#terminal));
    });
  }

  leave(): Promise<void> {
    return this.#send(() => this.#painter.leave(windowOf(this.#terminal)));
  }

  /** One write after another, each computed when its turn comes: a resize may ask for one at any time. */
  #send(text: () => string): Promise<void> {
    this.#painting = this.#painting.then(() => this.#write(text()));
    return this.#painting;
  }

  async #write(text: string): Promise<void> {
    if (text !== '') await this.#terminal.write(utf8(text));
  }

  /**
   * Takes a key; the result is how the line ended, if it did.
   *
   * @param more other keys came with it
   */
  async press(key: Key, more: boolean): Promise<Edited | undefined> {
    const tab = key.type === 'named' && key.name === 'tab';
    const secondTab = tab && this.#lastWasTab;
    this.#lastWasTab = tab;
    // A terminal that does not mark what is pasted: a Tab that more follows, with nothing before it, is the indentation of a script.
    if (tab && more && this.#line.beforeCursor.trim() === '') return undefined;
    if (this.#search !== undefined && this.#pressInSearch(key, this.#search)) return undefined;
    switch (key.type) {
      case 'text':
        await this.#type(key.text);
        return undefined;
      case 'control':
        return this.#control(key.letter);
      default:
        return this.#named(key.name, secondTab);
    }
  }

  async #type(text: string): Promise<void> {
    const help = text === '?' && !this.#pasting && this.#options.assistance?.insideString(this.#line.beforeCursor) === false;
    if (help) await this.#help();
    else this.#line.insert(text);
  }

  async #control(letter: string): Promise<Edited | undefined> {
    const line = this.#line;
    switch (letter) {
      case 'A':
        line.home();
        return undefined;
      case 'B':
        line.move(-1);
        return undefined;
      case 'C':
        line.end();
        return { kind: 'interrupted' };
      case 'D':
        if (line.text === '') return { kind: 'end' };
        line.delete();
        return undefined;
      case 'E':
        line.end();
        return undefined;
      case 'F':
        line.move(1);
        return undefined;
      case 'K':
        line.killToEnd();
        return undefined;
      case 'L':
        await this.#clearScreen();
        return undefined;
      case 'N':
        this.#recall(1);
        return undefined;
      case 'P':
        this.#recall(-1);
        return undefined;
      case 'R':
        this.#beginSearch();
        return undefined;
      case 'U':
        line.killToStart();
        return undefined;
      case 'W':
        line.killWord();
        return undefined;
      case 'Y':
        line.yank();
        return undefined;
      default:
        return undefined;
    }
  }

  async #named(name: KeyName, secondTab: boolean): Promise<Edited | undefined> {
    const line = this.#line;
    switch (name) {
      case 'enter':
        line.end();
        return this.#enter();
      case 'tab':
        await this.#tab(secondTab);
        return undefined;
      case 'backspace':
        line.backspace();
        return undefined;
      case 'delete':
        line.delete();
        return undefined;
      case 'left':
        line.move(-1);
        return undefined;
      case 'right':
        line.move(1);
        return undefined;
      case 'up':
        this.#recall(-1);
        return undefined;
      case 'down':
        this.#recall(1);
        return undefined;
      case 'home':
        line.home();
        return undefined;
      case 'end':
        line.end();
        return undefined;
      case 'word-left':
        line.wordLeft();
        return undefined;
      case 'word-right':
        line.wordRight();
        return undefined;
      case 'help':
        await this.#help();
        return undefined;
      case 'search':
        this.#beginSearch();
        return undefined;
      case 'paste-begins':
      case 'paste-ends':
        this.#pasting = name === 'paste-begins';
        return this.#dropsPaste ? { kind: 'too-long' } : undefined;
      default:
        return undefined;
    }
  }

  #enter(): Edited | undefined {
    if (!this.#line.overflowed) return { kind: 'line', text: this.#line.text };
    this.#dropsPaste = this.#pasting;
    return this.#dropsPaste ? undefined : { kind: 'too-long' };
  }

  #recall(by: number): void {
    const history = this.#options.history;
    if (history === undefined) return;
    const place = this.#place + by;
    if (place < 0 || place > history.length) return;
    this.#drafts.set(this.#place, this.#line.draft());
    this.#place = place;
    this.#show(this.#drafts.get(place), history.at(place));
  }

  #show(draft: Draft | undefined, otherwise = ''): void {
    if (draft === undefined) this.#line.set(otherwise);
    else this.#line.restore(draft);
  }

  #beginSearch(): void {
    if (this.#options.history === undefined) return;
    this.#drafts.set(this.#place, this.#line.draft());
    this.#search = { text: '', index: undefined };
  }

  /** Takes a key that belongs to the search; any other ends it, with the line that was found, and is taken as usual. */
  #pressInSearch(key: Key, search: Search): boolean {
    if (key.type === 'text') {
      this.#find({ ...search, text: search.text + key.text });
    } else if (key.type === 'named' && key.name === 'backspace') {
      this.#find({ text: search.text.slice(0, -1), index: undefined });
    } else if ((key.type === 'control' && key.letter === 'R') || (key.type === 'named' && key.name === 'search')) {
      this.#find(search, search.index);
    } else if (key.type === 'control' && (key.letter === 'C' || key.letter === 'G')) {
      this.#search = undefined;
      this.#show(this.#drafts.get(this.#place));
    } else {
      this.#search = undefined;
      return key.type === 'named' && key.name === 'escape';
    }
    return true;
  }

  #find(search: Search, before?: number): void {
    const history = this.#options.history;
    const index = history?.search(search.text, before ?? (search.index === undefined ? undefined : search.index + 1));
    this.#search = { text: search.text, index: index ?? search.index };
    if (index !== undefined) this.#line.set(history?.at(index) ?? '');
  }

  async #tab(second: boolean): Promise<void> {
    const { assistance } = this.#options;
    const before = this.#line.beforeCursor;
    if (assistance === undefined) return;
    if (this.#pasting || assistance.insideString(before)) {
      this.#line.insert(' ');
      return;
    }
    const completion = await assistance.complete(before);
    if (!this.#complete(completion) && second) await this.#list(completion);
  }

  /** Adds what all candidates have in common; false if there is nothing to add. */
  #complete({ word, candidates }: Completion): boolean {
    const [only, ...others] = candidates;
    if (only === undefined) return false;
    const common = others.length === 0 ? only.text + only.after : commonStart(candidates.map((each) => each.text));
    if (!common.startsWith(word)) {
      if (others.length > 0) return false;
      for (const _ of charactersOf(word)) this.#line.backspace();
      this.#line.insert(common);
      return true;
    }
    const added = common.slice(word.length);
    this.#line.insert(this.#line.afterCursor.startsWith(' ') ? added.trimEnd() : added);
    return added !== '';
  }

  async #list({ candidates }: Completion): Promise<void> {
    if (candidates.length > 0) await this.#showBelow(candidateRows(candidates, windowOf(this.#terminal).columns));
  }

  async #help(): Promise<void> {
    const lines = (await this.#options.assistance?.help(this.#line.beforeCursor, windowOf(this.#terminal).columns)) ?? [];
    if (lines.length > 0) await this.#showBelow(lines);
  }

  /** Shows lines under the one that is edited, which is then painted again below them. */
  async #showBelow(lines: readonly (readonly Span[])[]): Promise<void> {
    await this.paint();
    await this.#send(() => {
      const window = windowOf(this.#terminal);
      return this.#painter.leave(window) + lines.map((line) => `${render(line, window.colours)}\r\n`).join('');
    });
  }

  async #clearScreen(): Promise<void> {
    const window = windowOf(this.#terminal);
    if (!window.movement) return this.leave();
    this.#painter.forget();
    return this.#send(() => '\u001b[H\u001b[2J');
  }
}
