import { closeSync, constants, openSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { getRawAsset } from 'node:sea';
import { type LoadedAddon, loadAddon } from './addon.ts';

/** Linux's O_TMPFILE: a file without a name, which nobody else can open and which is gone with its last descriptor (open(2)). */
const unnamed = 0o20000000 | constants.O_DIRECTORY;

/** The addon of the program that is one file, where it is an asset. */
export class PackagedAddon {
  #loaded: LoadedAddon | undefined;

  /** The loader of libraries needs a file: it finds one by its descriptor, in the first folder that allows that. */
  readonly load = (): LoadedAddon => {
    this.#loaded ??= loadContents(new Uint8Array(getRawAsset('rsa-keygen.node')));
    return this.#loaded;
  };
}

function loadContents(contents: Uint8Array): LoadedAddon {
  for (const folder of new Set([tmpdir(), '/dev/shm', '/var/tmp'])) {
    const addon = loadFrom(folder, contents);
    if (addon?.loaded === true) return addon;
  }
  return { loaded: false, reason: 'no folder for temporary files took the native key generator' };
}

/** Undefined where the folder takes no such file; not loaded where it does not let programs run. */
function loadFrom(folder: string, contents: Uint8Array): LoadedAddon | undefined {
  let descriptor: number;
  try {
    descriptor = openSync(folder, unnamed | constants.O_RDWR, 0o500);
  } catch {
    return undefined;
  }
  try {
    for (let done = 0; done < contents.length; ) done += writeSync(descriptor, contents, done);
    return loadAddon(`/proc/self/fd/${descriptor}`);
  } catch {
    return undefined;
  } finally {
    closeSync(descriptor);
  }
}
