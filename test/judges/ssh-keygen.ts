import { readFileSync } from 'node:fs';
import { fileOf, newPath, run } from './run.ts';

/** The line of a new public key of OpenSSH's: `sshKey('ecdsa', 384, 'ann@laptop')`. */
export function sshKey(type: 'rsa' | 'ecdsa' | 'ed25519', bits: number, comment: string): string {
  const path = newPath();
  run('ssh-keygen', ['-q', '-t', type, '-b', String(bits), '-N', '', '-C', comment, '-f', path]);
  return readFileSync(`${path}.pub`, 'utf8');
}

/** What OpenSSH makes of lines of keys: `256 SHA256:… ann@laptop (ED25519)` for each that it takes, in their order. */
export function sshFingerprints(lines: readonly string[]): string[] {
  return run('ssh-keygen', ['-l', '-f', fileOf(lines.map((line) => `${line}\n`).join(''))])
    .text.split('\n')
    .slice(0, -1);
}
