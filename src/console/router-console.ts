import { type Account, encodeAccounts } from '../accounts/account-list.ts';
import type { Share } from '../bytes/budget.ts';
import { concat } from '../bytes/bytes.ts';
import type { DirectoryDeclaration } from '../menu/command.ts';
import type { AuditRecord } from '../menu/invoke.ts';
import type { Cancel } from '../platform/cancel.ts';
import type { Clock } from '../platform/clock.ts';
import { FileError, type Files } from '../platform/files.ts';
import type { SftpServer, SftpStream } from '../sftp/server.ts';
import type { SftpGuest } from '../sftp/session.ts';
import type { CommandWorld } from './language-shell.ts';
import type { LoginDesk } from './login.ts';
import type { Person, SessionContext } from './session.ts';

/** How somebody comes: at the machine itself or over SSH, for a console or for files, from an address where it is known. */
export interface Way {
  readonly via: 'local' | 'ssh' | 'sftp';
  readonly from?: string | undefined;
}

/** Who is let in. `Guest` is what the router knows of somebody whom it let in. */
interface Access<Guest extends Person> {
  /** Whom a person is who may open the store. */
  owner(): Guest;
  /** Whom an account of the machine belongs to; undefined for a stranger, and for who may not come this way. */
  ofAccount(uid: number, way: Way): Guest | undefined;
  /** Notes that they came; what it returns, that they left. */
  came(guest: Guest, way: Way): () => void;
  withoutPassword(): string | undefined;
  choosePassword(name: string, password: string): Promise<Guest>;
  authenticate(name: string, password: string, way: Way, cancel: Cancel): Promise<Guest | undefined>;
  pause(way: Way, cancel: Cancel): Promise<void>;
}

/** What the consoles of a router ask of it. */
export interface RouterFront<Guest extends Person = Person> {
  readonly tree: DirectoryDeclaration;
  /** The files of /file. */
  readonly files: Files;
  readonly audit: (record: AuditRecord) => void;
  /** Is so much memory in use that scripts should keep no more? */
  isCrowded(): boolean;
  identity(): string;
  readonly access: Access<Guest>;
  /** The accounts that users have on the machine. */
  readonly accounts: {
    list(): readonly Account[];
    /** What it returns takes the listener away. */
    onChange(listener: () => void): () => void;
  };
}

/** What a person reads first. */
export function greetingOf(version: string): readonly string[] {
  return [`signet ${version} -- F1 or ? for help, Tab to complete, /quit to leave`];
}

/** Somebody who uses the files of the router. */
export interface FilesVisit {
  /** Notes that they came; what it returns, that they left. */
  came(): () => void;
  /** Resolves when they end. What is kept for them is counted in `share`. Throws `SftpError` and `BudgetError`. */
  serve(stream: SftpStream, share: Share): Promise<void>;
}

/** The consoles of a router, as those who open them see it. */
export interface Consoles {
  /** For whoever may open the store. */
  owner(way: Way): SessionContext;
  /** For the owner of an account of the machine. Undefined for a stranger. */
  ofAccount(uid: number, way: Way): SessionContext | undefined;
  /** For whoever tells a name and a password at the machine itself. */
  readonly login: LoginDesk<SessionContext>;
  /** The files of the router for whoever may open the store. */
  ownersFiles(way: Way): FilesVisit;
  /** For the owner of an account of the machine. Undefined for a stranger, and for who may not use them. */
  accountsFiles(uid: number, way: Way): FilesVisit | undefined;
  /** The accounts that users have on the machine, as they are sent. */
  readonly accounts: {
    list(): string;
    onChange(listener: () => void): () => void;
  };
}

/** What the console's language works on. */
export function worldOf(router: Pick<RouterFront, 'tree' | 'audit' | 'isCrowded' | 'files'>, clock: Clock): CommandWorld {
  return {
    tree: router.tree,
    clock,
    audit: router.audit,
    isCrowded: () => router.isCrowded(),
    saveFile: (name: string, content: Uint8Array, append: boolean) => saveFile(router.files, name, content, append),
  };
}

export function consolesOf<Guest extends Person>(router: RouterFront<Guest>, clock: Clock, greeting: readonly string[]): Consoles {
  const world = worldOf(router, clock);
  const { access } = router;
  const contextOf = (guest: Guest, way: Way): SessionContext => ({
    person: () => ({ user: guest.user, policies: guest.policies }),
    greeting,
    identity: () => router.identity(),
    came: () => access.came(guest, way),
    // Loaded with the first console: a router at which nobody sits does without.
    shell: async (numbers, quit) => new (await import('./language-shell.ts')).LanguageShell(world, numbers, quit),
  });
  let sftp: Promise<SftpServer> | undefined;
  const filesOf = (guest: Guest, way: Way): FilesVisit => ({
    came: () => access.came(guest, way),
    async serve(stream, share) {
      // Only loaded, and kept in memory, where somebody uses it.
      sftp ??= import('../sftp/server.ts').then((module) => new module.SftpServer(router.files));
      const client: SftpGuest = {
        permitted: () => guest.policies.has('ftp'),
        audit: (verb, values, error) =>
          router.audit({ user: guest.user, path: `sftp ${verb}`, arguments: values, ...(error !== undefined && { error }) }),
      };
      await (await sftp).serve(stream, client, share);
    },
  });
  const here: Way = { via: 'local' };
  return {
    accounts: { list: () => encodeAccounts(router.accounts.list()), onChange: (listener) => router.accounts.onChange(listener) },
    owner: (way) => contextOf(access.owner(), way),
    ofAccount(uid, way) {
      const guest = access.ofAccount(uid, way);
      return guest === undefined ? undefined : contextOf(guest, way);
    },
    ownersFiles: (way) => filesOf(access.owner(), way),
    accountsFiles(uid, way) {
      const guest = access.ofAccount(uid, way);
      return guest === undefined ? undefined : filesOf(guest, way);
    },
    login: {
      identity: () => router.identity(),
      withoutPassword: () => access.withoutPassword(),
      choosePassword: async (name, password) => contextOf(await access.choosePassword(name, password), here),
      async authenticate(name, password, cancel) {
        const guest = await access.authenticate(name, password, here, cancel);
        return guest === undefined ? undefined : contextOf(guest, here);
      },
      pause: (cancel) => access.pause(here, cancel),
    },
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
