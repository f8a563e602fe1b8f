import { closeSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { constants } from 'node:os';
import { resolve } from 'node:path';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { fileError } from '../common/file-names.ts';
import { type SupervisorState, supervisorMessage } from '../common/supervisor.ts';
import { terminalType } from '../common/typing.ts';
import { FileError, type Files } from '../files.ts';
import type { Terminal } from '../terminal.ts';
import { NodeClock } from './clock.ts';
import { NodeFiles } from './files.ts';
import { type LoadedAddon, loadOwnAddon } from './keygen/addon.ts';
import { NodeNetwork } from './network.ts';
import { NodeTerminal } from './terminal.ts';

const clone = fileURLToPath(new URL('../../..', import.meta.url));

/** The process that the program runs in: its arguments, its terminal, its signals. */
export class NodeProcess {
  readonly arguments = process.argv.slice(2);
  readonly defaultStore = resolve(clone, 'signet-store');
  readonly defaultSocket = resolve(this.defaultStore, 'console.sock');
  readonly network: NodeNetwork;
  readonly clock = new NodeClock();
  /** Node's own heap has more than that where the machine has. */
  readonly room = 256 << 20;

  readonly user = process.getuid?.() ?? 0;
  readonly #loadAddon: () => LoadedAddon;

  constructor(load: () => LoadedAddon = loadOwnAddon) {
    this.#loadAddon = load;
    this.network = new NodeNetwork(load);
  }

  environment(name: string): string | undefined {
    const value = process.env[name];
    return value === '' ? undefined : value;
  }

  tellSupervisor(state: SupervisorState): void {
    const socket = this.environment('NOTIFY_SOCKET');
    const addon = socket === undefined ? undefined : this.#loadAddon();
    if (socket !== undefined && addon?.loaded === true) addon.exports.notify(socket, supervisorMessage(state));
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

  machineFiles(root: string): Files {
    return NodeFiles.of(root);
  }

  /** Throws `FileError`; also where the addon, which alone can lock, is missing. */
  lockFile(path: string): (() => void) | undefined {
    const addon = this.#loadAddon();
    if (!addon.loaded) throw new FileError('failed', path, `${path} can't be locked: ${addon.reason}`);
    try {
      const descriptor = addon.exports.lockFile(path);
      return descriptor === null ? undefined : () => closeSync(descriptor);
    } catch (error) {
      throw fileError(error, path);
    }
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
