import { characterWidth } from './character-width.ts';

/** A line that was left for another. */
export interface Draft {
  readonly text: string;
  readonly overflowed: boolean;
}

/** The line that is being edited: characters (a base with what is drawn over it) and a cursor before one of them or at the end. */
export class LineBuffer {
  #characters: string[] = [];
  #cursor = 0;
  #killed = '';
  #overflowed = false;

  /** A longer line is not typed by a person, and would be drawn again with each key. */
  static readonly longest = 16_384;

  /** Was something left out of this line because it would be too long? Such a line says something else than was meant. */
  get overflowed(): boolean {
    return this.#overflowed;
  }

  get text(): string {
    return this.#characters.join('');
  }

  get characters(): readonly string[] {
    return this.#characters;
  }

  /** The number of characters before the cursor. */
  get cursor(): number {
    return this.#cursor;
  }

  get beforeCursor(): string {
    return this.#characters.slice(0, this.#cursor).join('');
  }

  get afterCursor(): string {
    return this.#characters.slice(this.#cursor).join('');
  }

  /** Puts another line in place of this one, the cursor at its end. */
  set(text: string): void {
    const characters = charactersOf(text);
    this.#overflowed = characters.length > LineBuffer.longest;
    this.#characters = characters.slice(0, LineBuffer.longest);
    this.#cursor = this.#characters.length;
  }

  /** This line, to be put back as it is. */
  draft(): Draft {
    return { text: this.text, overflowed: this.#overflowed };
  }

  restore({ text, overflowed }: Draft): void {
    this.set(text);
    this.#overflowed = overflowed;
  }

  /** Inserts `text` at the cursor; what makes the line too long is left out. */
  insert(text: string): void {
    const room = LineBuffer.longest - this.#characters.length;
    const before = charactersOf(this.beforeCursor + text);
    const added = before.length - this.#cursor;
    if (added > room) {
      before.length = this.#cursor + room;
      this.#overflowed = true;
    }
    this.#characters = [...before, ...this.#characters.slice(this.#cursor)];
    this.#cursor = before.length;
  }

  move(by: number): void {
    this.#cursor = Math.min(Math.max(this.#cursor + by, 0), this.#characters.length);
  }

  home(): void {
    this.#cursor = 0;
  }

  end(): void {
    this.#cursor = this.#characters.length;
  }

  wordLeft(): void {
    this.#cursor = this.#wordStart();
  }

  wordRight(): void {
    let at = this.#cursor;
    while (at < this.#characters.length && this.#blank(at)) at++;
    while (at < this.#characters.length && !this.#blank(at)) at++;
    this.#cursor = at;
  }

  backspace(): void {
    if (this.#cursor > 0) this.#remove(this.#cursor - 1, this.#cursor);
  }

  delete(): void {
    this.#remove(this.#cursor, this.#cursor + 1);
  }

  /** Ctrl-K */
  killToEnd(): void {
    this.#killed = this.#remove(this.#cursor, this.#characters.length);
  }

  /** Ctrl-U */
  killToStart(): void {
    this.#killed = this.#remove(0, this.#cursor);
  }

  /** Ctrl-W */
  killWord(): void {
    this.#killed = this.#remove(this.#wordStart(), this.#cursor);
  }

  /** Ctrl-Y: what was killed last comes back. */
  yank(): void {
    this.insert(this.#killed);
  }

  #remove(from: number, to: number): string {
    const removed = this.#characters.splice(from, to - from).join('');
    this.#cursor = from;
    if (this.#characters.length === 0) this.#overflowed = false;
    return removed;
  }

  #wordStart(): number {
    let at = this.#cursor;
    while (at > 0 && this.#blank(at - 1)) at--;
    while (at > 0 && !this.#blank(at - 1)) at--;
    return at;
  }

  #blank(at: number): boolean {
    return this.#characters[at] === ' ';
  }
}

/** The characters of a text: code points, with those of no width joined to the one before them. */
export function charactersOf(text: string): string[] {
  const characters: string[] = [];
  for (const point of text) {
    const last = characters.at(-1);
    if (last !== undefined && characterWidth(point.codePointAt(0) ?? 0) === 0) characters[characters.length - 1] = last + point;
    else characters.push(point);
  }
  return characters;
}
