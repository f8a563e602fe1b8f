import { concat } from '../bytes/bytes.ts';
import type { DirectoryDeclaration } from '../menu/command.ts';
import type { AuditRecord } from '../menu/invoke.ts';
import type { Clock } from '../platform/clock.ts';
import { FileError, type Files } from '../platform/files.ts';
import { LanguageShell } from './language-shell.ts';
import type { Person, SessionContext } from './session.ts';

/** What the consoles of a router ask of it. */
export interface RouterFront {
  readonly tree: DirectoryDeclaration;
  /** The files of /file. */
  readonly files: Files;
  readonly audit: (record: AuditRecord) => void;
  identity(): string;
  /** Whom a person is who may open the store's own socket. */
  owner(): Person;
  /** Notes that a person came; what it returns, that they left. */
  came(): () => void;
}

/** What a person reads first. */
export function greetingOf(version: string): readonly string[] {
  return [`signet ${version} -- F1 or ? for help, Tab to complete, /quit to leave`];
}

/** The consoles of a router, as its sessions see it. */
export function consoleOf(router: RouterFront, clock: Clock, greeting: readonly string[]): SessionContext {
  const world = {
    tree: router.tree,
    clock,
    audit: router.audit,
    saveFile: (name: string, content: Uint8Array, append: boolean) => saveFile(router.files, name, content, append),
  };
  return {
    person: () => router.owner(),
    greeting,
    identity: () => router.identity(),
    came: () => router.came(),
    shell: (numbers, quit) => new LanguageShell(world, numbers, quit),
  };
}

/** Files are replaced whole, so what is appended to must fit in memory. */
const longestAppended = 16 << 20;

async function saveFile(files: Files, name: string, content: Uint8Array, append: boolean): Promise<void> {
  const before = append ? await readIfThere(files, name) : new Uint8Array(0);
  await files.replace(name, concat([before, content]));
}

async function readIfThere(files: Files, name: string): Promise<Uint8Array> {
  try {
    return await files.read(name, longestAppended);
  } catch (error) {
    if (error instanceof FileError && error.code === 'no-such-file') return new Uint8Array(0);
    throw error;
  }
}
