import { join } from 'node:path';
import { debianRoots } from '../tools.ts';
import type { Target } from './targets.ts';

/** Where the shared libraries of an emulated machine lie, and how Debian spells it. */
const libraries = {
  'qemu-aarch64': { folder: debianRoots['libraries-arm64'].folder, triplet: 'aarch64-linux-gnu' },
  'qemu-mipsel': { folder: debianRoots['node-mipsel'].folder, triplet: 'mipsel-linux-gnu' },
} as const;

/** The command that runs a program for a target on the CPU that the target's file names; nothing where that is this machine. */
export function emulator({ abi, qemu }: Target): readonly [keyof typeof libraries, ...string[]] | undefined {
  if (qemu === undefined) return undefined;
  const command = [qemu.command, '-cpu', qemu.cpu] as const;
  if (abi.libc === 'musl') return command;
  const { folder, triplet } = libraries[qemu.command];
  const path = ['lib', 'usr/lib'].map((part) => join(folder, part, triplet)).join(':');
  return [...command, '-L', folder, '-E', `LD_LIBRARY_PATH=${path}`];
}
