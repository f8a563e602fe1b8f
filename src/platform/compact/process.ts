import { lockFile, readFile } from 'signet:files';
import { commandLine, complain, environment, exit, nextSignal, notify, print, user } from 'signet:process';
import { fileError } from '../common/file-names.ts';
import { type SupervisorState, supervisorMessage } from '../common/supervisor.ts';
import { terminalType } from '../common/typing.ts';
import type { Files } from '../files.ts';
import type { Terminal } from '../terminal.ts';
import { CompactClock } from './clock.ts';
import { CompactFiles } from './files.ts';
import { CompactNetwork } from './network.ts';
import { CompactTerminal } from './terminal.ts';
import { wellFormed } from './text.ts';

/** The process that the program runs in: its arguments, its terminal, its signals. */
export class CompactProcess {
  readonly arguments = commandLine();
  readonly defaultStore = '/var/lib/signet';
  /** Not in the store's folder, which accounts of users can't enter. */
  readonly defaultSocket = '/run/signet/console.sock';
  readonly network = new CompactNetwork();
  readonly clock = new CompactClock();
  /** Of the engine's 32 MB; the router itself takes 4. */
  readonly room = 20 << 20;

  readonly user = user();

  environment(name: string): string | undefined {
    const value = environment(name);
    return value === '' ? undefined : value;
  }

  tellSupervisor(state: SupervisorState): void {
    const socket = this.environment('NOTIFY_SOCKET');
    if (socket !== undefined) notify(socket, supervisorMessage(state));
  }

  terminal(input?: Uint8Array): Terminal {
    return new CompactTerminal(terminalType(environment), input);
  }

  machineFiles(root: string): Files {
    return CompactFiles.of(root);
  }

  /** Throws `FileError`. */
  lockFile(path: string): (() => void) | undefined {
    try {
      const lock = lockFile(path);
      return lock === undefined ? undefined : () => lock.release();
    } catch (error) {
      throw fileError(error, path);
    }
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
