import { readFile } from 'node:fs/promises';
import { constants } from 'node:os';
import { resolve } from 'node:path';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { fileError } from '../common/file-names.ts';
import { terminalType } from '../common/typing.ts';
import type { Terminal } from '../terminal.ts';
import { NodeClock } from './clock.ts';
import { NodeNetwork } from './network.ts';
import { NodeTerminal } from './terminal.ts';

const clone = fileURLToPath(new URL('../../..', import.meta.url));

/** The process that the program runs in: its arguments, its terminal, its signals. */
export class NodeProcess {
  readonly arguments = process.argv.slice(2);
  readonly defaultStore = resolve(clone, 'signet-store');
  readonly network = new NodeNetwork();
  readonly clock = new NodeClock();

  get storeOfEnvironment(): string | undefined {
    const folder = process.env['SIGNET_STORE'];
    return folder === '' ? undefined : folder;
  }

  terminal(input?: Uint8Array): Terminal {
    const bytes = input === undefined ? process.stdin : Readable.from([input], { objectMode: false });
    return new NodeTerminal(
      bytes,
      process.stdout,
      process.stderr,
      terminalType((name) => process.env[name]),
    );
  }

  /** Throws `FileError`. */
  async readFile(path: string): Promise<Uint8Array> {
    try {
      return new Uint8Array(await readFile(path));
    } catch (error) {
      throw fileError(error, path);
    }
  }

  print(text: string): void {
    process.stdout.write(text);
  }

  complain(text: string): void {
    process.stderr.write(text);
  }

  onSignal(listener: (signal: number) => void): void {
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(name, () => listener(constants.signals[name]));
  }
}
