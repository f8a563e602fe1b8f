import { type Cancel, Cancelled, CancelSource } from '../platform/cancel.ts';
import type { Terminal } from '../platform/terminal.ts';
import { LineEditor } from './editor.ts';
import { KeyReader } from './key-reader.ts';
import { wrappedWords } from './layout/wrapped.ts';
import { PagedScreen } from './screen.ts';
import { plain } from './style.ts';

/** Where names and passwords are looked at. */
export interface LoginDesk<Person> {
  /** The router's name, as it is now. */
  identity(): string;
  /** Whose password has to be chosen before anybody can log in; undefined once there is one. */
  withoutPassword(): string | undefined;
  /** Sets that first password. An error of code `in-use`: somebody else did meanwhile. */
  choosePassword(user: string, password: string): Promise<Person>;
  /** Undefined for what is wrong, however. Throws `Cancelled`. */
  authenticate(user: string, password: string, cancel: Cancel): Promise<Person | undefined>;
  /** Waits as long as the next attempt has to. Throws `Cancelled`. */
  pause(cancel: Cancel): Promise<void>;
}

/** Characters that a first password has at least, as passphrases of exports have. */
const shortestPassword = 8;

/** After so many failures the terminal's end has to come again, which gives an SSH server or `init` the chance to say no. */
const mostFailures = 5;

/** Asks whoever sits at a terminal for name and password; on a new router, for the password that it is to have. */
export class LoginDialogue<Person> {
  readonly busy = false;
  readonly #terminal: Terminal;
  readonly #desk: LoginDesk<Person>;
  /** What is typed ahead goes to whoever reads after the dialogue. */
  readonly keys: KeyReader;
  readonly #editor: LineEditor;
  readonly #screen: PagedScreen;
  readonly #leaving = new CancelSource();

  constructor(terminal: Terminal, desk: LoginDesk<Person>) {
    this.#terminal = terminal;
    this.#desk = desk;
    this.keys = new KeyReader(terminal);
    this.#editor = new LineEditor(terminal, this.keys);
    this.#screen = new PagedScreen(terminal, this.keys);
    this.#screen.withoutPaging();
  }

  /** Resolves with who logged in; undefined if they left, or failed too often. Throws an error of code `closed` when they hang up. */
  async run(): Promise<Person | undefined> {
    const ignore = this.#terminal.onInterrupt(() => this.#leaving.cancel());
    try {
      for (let failures = 0; failures < mostFailures; ) {
        const name = this.#desk.withoutPassword();
        const person = await (name === undefined ? this.#ask() : this.#choose(name));
        if (person === 'left') return undefined;
        if (person !== undefined && person !== 'again') return person;
        if (person === undefined) failures++;
      }
      return undefined;
    } catch (error) {
      if (error instanceof Cancelled) return undefined;
      throw error;
    } finally {
      ignore();
    }
  }

  /** Ends the dialogue from outside. */
  async stop(status?: number): Promise<void> {
    this.#leaving.cancel();
    await this.#terminal.close(status);
  }

  async #ask(): Promise<Person | 'again' | 'left' | undefined> {
    const name = await this.#line(`${this.#desk.identity()} Login:`, false);
    if (name === 'left' || name === 'again') return name;
    const password = await this.#line('Password:', true);
    if (password === 'left' || password === 'again') return password;
    const person = await this.#desk.authenticate(name.text.trim(), password.text, this.#leaving);
    if (person !== undefined) return person;
    // What was typed ahead was meant for somebody who is in.
    this.keys.clear();
    await this.#say('Login failed, incorrect username or password');
    await this.#desk.pause(this.#leaving);
    return undefined;
  }

  async #choose(name: string): Promise<Person | 'again' | 'left'> {
    await this.#say(`No password is set on this router: choose the one of ${name}.`);
    const first = await this.#line('new password:', true);
    if (first === 'left' || first === 'again') return first;
    const second = await this.#line('repeat new password:', true);
    if (second === 'left' || second === 'again') return second;
    if (first.text.length < shortestPassword) return this.#refuse(`a password has at least ${shortestPassword} characters`);
    if (first.text !== second.text) return this.#refuse('the passwords are not the same');
    try {
      return await this.#desk.choosePassword(name, first.text);
    } catch (error) {
      if (!(error instanceof Error && 'code' in error)) throw error;
      return this.#refuse(error.message);
    }
  }

  async #refuse(why: string): Promise<'again'> {
    await this.#say(why);
    return 'again';
  }

  /** An empty name is asked for again; Ctrl-C begins anew; Ctrl-D, or the end of what is typed, leaves. */
  async #line(prompt: string, hidden: boolean): Promise<{ readonly text: string } | 'again' | 'left'> {
    const edited = await this.#editor.read({ prompt: [plain(`${prompt} `)], hidden });
    if (edited.kind === 'end') return 'left';
    if (edited.kind !== 'line' || (!hidden && edited.text.trim() === '')) return 'again';
    return edited;
  }

  async #say(text: string): Promise<void> {
    for (const line of wrappedWords(text, this.#screen.look.width)) await this.#screen.line(line);
    await this.#screen.finish();
  }
}
