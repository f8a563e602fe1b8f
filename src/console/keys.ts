import { fromUtf8 } from '../bytes/utf8.ts';

export type KeyName =
  | 'enter'
  | 'tab'
  | 'backspace'
  | 'delete'
  | 'left'
  | 'right'
  | 'up'
  | 'down'
  | 'home'
  | 'end'
  | 'page-up'
  | 'page-down'
  | 'word-left'
  | 'word-right'
  | 'help'
  | 'search'
  | 'paste-begins'
  | 'paste-ends'
  | 'escape';

/** A key that was pressed: a named one, Ctrl with a letter or `\`, or characters that were typed. */
export type Key =
  | { readonly type: 'named'; readonly name: KeyName }
  | { readonly type: 'control'; readonly letter: string }
  | { readonly type: 'text'; readonly text: string };

/** What xterm, vt220, rxvt, the Linux console and PuTTY send after ESC [ or ESC O. */
const sequences: Readonly<Record<string, KeyName>> = {
  A: 'up',
  B: 'down',
  C: 'right',
  D: 'left',
  F: 'end',
  H: 'home',
  P: 'help',
  R: 'search',
  '[A': 'help',
  '[C': 'search',
  '1~': 'home',
  '3~': 'delete',
  '4~': 'end',
  '5~': 'page-up',
  '6~': 'page-down',
  '7~': 'home',
  '8~': 'end',
  '11~': 'help',
  '13~': 'search',
  '1;5C': 'word-right',
  '1;5D': 'word-left',
  '1;3C': 'word-right',
  '1;3D': 'word-left',
  '200~': 'paste-begins',
  '201~': 'paste-ends',
};

/** A longer sequence is noise on the line. */
const longestSequence = 16;

const escapeByte = 0x1b;

/**
 * Makes keys of the bytes that a terminal sends: UTF-8 text, control characters and escape sequences. Whatever makes no key
 * (bytes that are no UTF-8, sequences nobody knows) is left out.
 */
export class KeyDecoder {
  #pending: number[] = [];
  #state: 'ground' | 'escape' | 'sequence' | 'utf8' = 'ground';
  #afterReturn = false;

  push(bytes: Uint8Array): Key[] {
    const keys: Key[] = [];
    for (const byte of bytes) this.#take(byte, keys);
    return keys;
  }

  #take(byte: number, keys: Key[]): void {
    switch (this.#state) {
      case 'escape':
        this.#afterEscape(byte, keys);
        return;
      case 'sequence':
        this.#inSequence(byte, keys);
        return;
      case 'utf8':
        this.#inCharacter(byte, keys);
        return;
      default:
        this.#ground(byte, keys);
    }
  }

  #ground(byte: number, keys: Key[]): void {
    // A terminal that sends CR LF means one Enter.
    const afterReturn = this.#afterReturn;
    this.#afterReturn = byte === 0x0d;
    if (byte === 0x0a && afterReturn) return;
    if (byte === escapeByte) this.#state = 'escape';
    else if (byte >= 0xc2 && byte <= 0xf4) {
      this.#pending = [byte];
      this.#state = 'utf8';
    } else if (byte >= 0x20 && byte < 0x7f) addText(keys, String.fromCharCode(byte));
    else control(byte, keys);
  }

  #afterEscape(byte: number, keys: Key[]): void {
    this.#state = 'ground';
    if (byte === 0x5b || byte === 0x4f) {
      this.#pending = [];
      this.#state = 'sequence';
    } else if (byte === 0x62) keys.push({ type: 'named', name: 'word-left' });
    else if (byte === 0x66) keys.push({ type: 'named', name: 'word-right' });
    else {
      keys.push({ type: 'named', name: 'escape' });
      this.#take(byte, keys);
    }
  }

  /** CSI: parameters 0x20 to 0x3f, then one final byte (ECMA-48 5.4); the Linux console's F keys have `[` as their first. */
  #inSequence(byte: number, keys: Key[]): void {
    if (byte < 0x20 || byte > 0x7e || this.#pending.length === longestSequence) {
      this.#state = 'ground';
      this.#ground(byte, keys);
      return;
    }
    this.#pending.push(byte);
    const parameter = byte < 0x40 || (byte === 0x5b && this.#pending.length === 1);
    if (parameter) return;
    this.#state = 'ground';
    const name = sequences[String.fromCharCode(...this.#pending)];
    if (name !== undefined) keys.push({ type: 'named', name });
  }

  #inCharacter(byte: number, keys: Key[]): void {
    if ((byte & 0xc0) !== 0x80) {
      this.#state = 'ground';
      this.#take(byte, keys);
      return;
    }
    this.#pending.push(byte);
    const [first = 0] = this.#pending;
    if (this.#pending.length < (first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4)) return;
    this.#state = 'ground';
    const text = fromUtf8(Uint8Array.from(this.#pending));
    // U+0080 to U+009F are control characters in two bytes.
    if (text !== undefined && text >= '\u00a0') addText(keys, text);
  }
}

function control(byte: number, keys: Key[]): void {
  if (byte === 0x0d || byte === 0x0a) keys.push({ type: 'named', name: 'enter' });
  else if (byte === 0x09) keys.push({ type: 'named', name: 'tab' });
  else if (byte === 0x08 || byte === 0x7f) keys.push({ type: 'named', name: 'backspace' });
  else if (byte > 0 && byte < 0x20) keys.push({ type: 'control', letter: String.fromCharCode(byte + 0x40) });
}

/** Characters that come together are one key, so that a paste is drawn once; but `?` may ask for help. */
function addText(keys: Key[], text: string): void {
  const last = keys.at(-1);
  if (last?.type === 'text' && text !== '?' && last.text !== '?') keys[keys.length - 1] = { type: 'text', text: last.text + text };
  else keys.push({ type: 'text', text });
}
