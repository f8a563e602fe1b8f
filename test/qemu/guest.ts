import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { distFolder } from '../../scripts/cross-build/build.ts';
import { emulator } from '../../scripts/cross-build/emulator.ts';
import { readTargets } from '../../scripts/cross-build/targets.ts';
import { openssl } from '../judges/openssl.ts';
import { type Output, run } from '../judges/run.ts';

/** A target with the emulated CPU that its file names. */
export class Guest {
  readonly target: string;
  readonly #emulator: NonNullable<ReturnType<typeof emulator>>;

  constructor(target: string) {
    const [command] = readTargets([target]).map(emulator);
    if (command === undefined) throw new Error(`targets/${target}.json has no qemu`);
    this.target = target;
    this.#emulator = command;
  }

  /** A file that `npm run cross-build` has made for this guest. */
  built(name: string): string {
    const path = join(distFolder(this.target), name);
    if (!existsSync(path)) throw new Error(`dist/${this.target}/${name} is missing: npm run cross-build -- ${this.target}`);
    return path;
  }

  /** Runs a program of the guest to its end. Throws `JudgeRefused` when its status is not 0. */
  run(program: string, args: readonly string[] = []): Output {
    const [command, ...options] = this.#emulator;
    return run(command, [...options, program, ...args]);
  }
}

/** OpenSSL on this machine accepts the private key (PEM) and says what it is. */
export function acceptedByOpenssl(pem: string): string {
  const described = openssl(['pkey', '-noout', '-text'], pem).text;
  // OpenSSL 3.0 has no -check for Ed25519; it derived the public key to describe it.
  if (described.startsWith('ED25519')) return described;
  return openssl(['pkey', '-check', '-noout', '-text'], pem).text;
}
