import { existsSync } from 'node:fs';
import { dlopen } from 'node:process';
import { fileURLToPath } from 'node:url';
import type { GeneratedKey, KeyGenerationErrorCode, KeyGenerationProgress, KeySpec } from '../../keygen.ts';

/** Why the addon made no key; a value, because an Error of another thread would tell nothing of this one. */
export interface AddonFailure {
  readonly code: KeyGenerationErrorCode | 'cancelled';
  readonly message: string;
}

export interface CancelToken {
  cancel(): void;
}

/** The key generator of the addon: what `native/rsa-keygen/src/lib.rs` exports. */
export interface KeyGeneratorExports {
  readonly CancelToken: new () => CancelToken;
  generate(spec: KeySpec, cancel: CancelToken, progress: (progress: KeyGenerationProgress) => void): Promise<GeneratedKey | AddonFailure>;
  expectedSeconds(spec: KeySpec): Promise<number | AddonFailure>;
}

/** The addon, which also has the calls of Linux that Node lacks (`native/rsa-keygen/src/host.rs`). */
export interface Addon extends KeyGeneratorExports {
  /** Uid of the process at the other end of a connected Unix socket. */
  peerUser(descriptor: number): number | null;
  /** Locks a file for this process until the descriptor is closed; null if another process has it. Throws where it can't be opened. */
  lockFile(path: string): number | null;
  /** Sends a message to the socket of a supervisor; false if it could not be sent. */
  notify(socket: string, message: string): boolean;
}

export type LoadedAddon = { readonly loaded: true; readonly exports: Addon } | { readonly loaded: false; readonly reason: string };

/** Where `npm run build:native` leaves it. */
export const defaultAddonPath = fileURLToPath(new URL('../../../../native/rsa-keygen/rsa-keygen.node', import.meta.url));

/** Loads the addon at `path`; a missing one and one of another machine are told apart in `reason`. */
export function loadAddon(path: string): LoadedAddon {
  if (!existsSync(path)) return { loaded: false, reason: 'the native key generator is not built' };
  // As require() does for a .node file, but also where the program is one file and has no require().
  const module: { exports: unknown } = { exports: {} };
  try {
    dlopen(module, path);
  } catch {
    return { loaded: false, reason: 'the native key generator was built for another machine or Node' };
  }
  const { exports } = module;
  return isAddon(exports)
    ? { loaded: true, exports }
    : { loaded: false, reason: 'the native key generator is not of this version of the program' };
}

/** The addon of this clone. */
export function loadOwnAddon(): LoadedAddon {
  return loadAddon(defaultAddonPath);
}

function isAddon(exports: unknown): exports is Addon {
  return (
    typeof exports === 'object' &&
    exports !== null &&
    ['CancelToken', 'generate', 'expectedSeconds', 'peerUser', 'lockFile', 'notify'].every(
      (name) => typeof Reflect.get(exports, name) === 'function',
    )
  );
}
