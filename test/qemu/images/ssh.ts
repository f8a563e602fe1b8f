import { execFile } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../../judges/run.ts';

export interface Ended {
  readonly status: number;
  readonly output: string;
  readonly errors: string;
}

/** OpenSSH's client, with a key of its own and a list of hosts of its own. */
export class SshClient {
  readonly #folder = mkdtempSync(join(tmpdir(), 'signet-ssh-'));

  constructor() {
    chmodSync(this.#folder, 0o700);
    run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'test', '-f', join(this.#folder, 'key')]);
  }

  /** The line for the router's list of keys. */
  get publicKey(): string {
    return readFileSync(join(this.#folder, 'key.pub'), 'utf8').trim();
  }

  /** `ssh USER@router LINE`. */
  run(port: number, user: string, line: string): Promise<Ended> {
    return this.#call('ssh', ['-p', String(port), `${user}@127.0.0.1`, line], '');
  }

  /** `sftp` with these commands; the first that fails ends it. */
  transfer(port: number, user: string, commands: readonly string[]): Promise<Ended> {
    return this.#call('sftp', ['-P', String(port), '-b', '-', `${user}@127.0.0.1`], `${commands.join('\n')}\n`);
  }

  end(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #call(command: 'ssh' | 'sftp', args: readonly string[], input: string): Promise<Ended> {
    const options = {
      IdentityFile: join(this.#folder, 'key'),
      IdentitiesOnly: 'yes',
      IdentityAgent: 'none',
      UserKnownHostsFile: join(this.#folder, 'hosts'),
      StrictHostKeyChecking: 'accept-new',
      BatchMode: 'yes',
      ConnectTimeout: '60',
      LogLevel: 'ERROR',
    };
    const named = Object.entries(options).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
    return new Promise((resolve) => {
      const child = execFile(command, ['-F', 'none', ...named, ...args], { encoding: 'utf8' }, (error, output, errors) => {
        resolve({ status: error === null ? 0 : Number(error.code ?? -1), output, errors });
      });
      child.stdin?.end(input);
    });
  }
}
