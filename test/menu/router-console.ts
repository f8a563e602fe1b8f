import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { fromUtf8Lossy } from '../../src/bytes/utf8.ts';
import { consolesOf } from '../../src/console/router-console.ts';
import { PlainScreen } from '../../src/console/screen.ts';
import { ItemNumbers } from '../../src/console/session.ts';
import type { Shell } from '../../src/console/shell.ts';
import type { Caller, Policy } from '../../src/menu/command.ts';
import { neverCancelled } from '../../src/platform/cancel.ts';
import { NodeClock } from '../../src/platform/node/clock.ts';
import type { RouterCore } from '../../src/router.ts';
import { routerIn } from '../router-for-tests.ts';

/** A person at the console of a whole router: what is typed runs as in the program, what is shown is kept. */
export class RouterConsole {
  readonly folder: string;
  readonly router: RouterCore;
  /** What the person answers to the next questions; nobody can be asked while this is undefined. */
  answers: string[] | undefined;
  readonly questions: string[] = [];
  /** Policies of the person; those of admin if undefined. */
  policies: readonly Policy[] | undefined;
  readonly #shell: Shell;
  readonly #numbers: ItemNumbers;

  private constructor(folder: string, router: RouterCore, shell: Shell, numbers: ItemNumbers) {
    this.folder = folder;
    this.router = router;
    this.#shell = shell;
    this.#numbers = numbers;
  }

  static async start(): Promise<RouterConsole> {
    const folder = mkdtempSync(join(tmpdir(), 'signet-console-'));
    const router = await routerIn(folder);
    onTestFinished(async () => {
      await router.close();
      rmSync(folder, { recursive: true });
    });
    const numbers = new ItemNumbers();
    const shell = await consolesOf(router, new NodeClock(), [])
      .owner({ via: 'local' })
      .shell(numbers, () => undefined);
    return new RouterConsole(folder, router, shell, numbers);
  }

  /** Runs lines one after another and returns what the last one showed. */
  async type(...lines: readonly string[]): Promise<string[]> {
    let shown = '';
    for (const line of lines) shown = await this.#run(line);
    return shown
      .split('\n')
      .slice(0, -1)
      .map((line) => line.trimEnd());
  }

  /** What Tab offers at the end of `line`. */
  async offered(line: string): Promise<string[]> {
    return (await this.#shell.assistance('').complete(line)).candidates.map(({ text }) => text);
  }

  async #run(line: string): Promise<string> {
    const shown: string[] = [];
    const screen = new PlainScreen((bytes) => {
      shown.push(fromUtf8Lossy(bytes));
      return Promise.resolve();
    });
    await this.#shell.runLine(line, { caller: this.#caller(), cancel: neverCancelled, screen });
    await screen.finish();
    return shown.join('');
  }

  /** What the history keeps of a line. */
  kept(line: string): string {
    return this.#shell.withoutSecrets(line);
  }

  file(name: string): string {
    return join(this.folder, 'store/files', name);
  }

  read(name: string): string {
    return readFileSync(this.file(name), 'latin1');
  }

  write(name: string, content: string | Uint8Array): void {
    writeFileSync(this.file(name), content);
  }

  modeOf(name: string): number {
    return statSync(this.file(name)).mode & 0o777;
  }

  #caller(): Caller {
    const owner = this.router.access.owner();
    const { answers } = this;
    return {
      user: owner.user,
      policies: this.policies === undefined ? owner.policies : new Set(this.policies),
      itemNumber: (path, n) => this.#numbers.id(path, n),
      ...(answers === undefined
        ? {}
        : {
            ask: (question: string) => {
              this.questions.push(question);
              return Promise.resolve(answers.shift() ?? '');
            },
          }),
    };
  }
}
