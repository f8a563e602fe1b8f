import { readFile } from 'signet:files';
import { commandLine, complain, environment, exit, nextSignal, print } from 'signet:process';
import { fileError } from '../common/file-names.ts';
import { terminalType } from '../common/typing.ts';
import type { Terminal } from '../terminal.ts';
import { CompactClock } from './clock.ts';
import { CompactNetwork } from './network.ts';
import { CompactTerminal } from './terminal.ts';
import { wellFormed } from './text.ts';

/** The process that the program runs in: its arguments, its terminal, its signals. */
export class CompactProcess {
  readonly arguments = commandLine();
  readonly defaultStore = '/var/lib/signet';
  readonly network = new CompactNetwork();
  readonly clock = new CompactClock();

  get storeOfEnvironment(): string | undefined {
    const folder = environment('SIGNET_STORE');
    return folder === '' ? undefined : folder;
  }

  terminal(input?: Uint8Array): Terminal {
    return new CompactTerminal(terminalType(environment), input);
  }

  /** Throws `FileError`. */
  async readFile(path: string): Promise<Uint8Array> {
    try {
      return await readFile(path);
    } catch (error) {
      throw fileError(error, path);
    }
  }

  print(text: string): void {
    print(wellFormed(text));
  }

  complain(text: string): void {
    complain(wellFormed(text));
  }

  /** A second signal of a kind ends the program at once. */
  onSignal(listener: (signal: number) => void): void {
    void heed(listener);
  }
}

async function heed(listener: (signal: number) => void): Promise<void> {
  const heeded = new Set<number>();
  for (;;) {
    const signal = await nextSignal();
    if (heeded.has(signal)) exit(128 + signal);
    heeded.add(signal);
    listener(signal);
  }
}
