import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { findTool, whence } from '../../scripts/tools.ts';

/** OpenSSL at one end of a connection: `s_client` or `s_server`. */
export class OpensslPeer {
  readonly #program: ChildProcessWithoutNullStreams;
  readonly #ended: Promise<number | null>;
  #said = '';
  #isOver = false;
  #wake: () => void = () => undefined;

  constructor(args: readonly string[]) {
    const path = findTool('openssl');
    if (path === undefined) throw new Error(`missing: openssl (${whence('openssl')})`);
    this.#program = spawn(path, args, { env: { ...process.env, LC_ALL: 'C.UTF-8' } });
    const hear = (bytes: Buffer): void => {
      this.#said += bytes.toString();
      this.#wake();
    };
    this.#program.stdout.on('data', hear);
    this.#program.stderr.on('data', hear);
    this.#program.stdin.on('error', () => undefined);
    this.#ended = new Promise((resolve) => {
      this.#program.on('close', (code) => {
        this.#isOver = true;
        resolve(code);
        this.#wake();
      });
    });
  }

  /** All that it printed so far, of both kinds. */
  get said(): string {
    return this.#said;
  }

  /** Waits until it printed that, and throws with all it said when it ends first. */
  async says(pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const found = pattern.exec(this.#said);
      if (found !== null) return found;
      if (this.#isOver) throw new Error(`openssl ended without ${String(pattern)}:\n${this.#said}`);
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  write(text: string): void {
    this.#program.stdin.write(text);
  }

  async stop(): Promise<void> {
    this.#program.kill('SIGKILL');
    await this.#ended;
  }
}
