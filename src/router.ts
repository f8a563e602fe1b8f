import type { Account } from './accounts/account-list.ts';
import { type Certificates, certificatesOf } from './certificates/certificates.ts';
import { OpenFiles } from './files/open-files.ts';
import { RouterFiles } from './files/router-files.ts';
import { Log } from './logging/log.ts';
import type { DirectoryDeclaration } from './menu/command.ts';
import type { AuditRecord } from './menu/invoke.ts';
import { commandTree } from './menu/tree.ts';
import { Cancelled, CancelSource } from './platform/cancel.ts';
import type { Clock } from './platform/clock.ts';
import type { Files } from './platform/files.ts';
import type { KeyGenerator } from './platform/keygen.ts';
import type { LogSink } from './platform/log.ts';
import type { Machine } from './platform/machine.ts';
import { StoreError } from './store/errors.ts';
import { openStore, type StoreHost } from './store/store.ts';
import { Backup } from './system/backup.ts';
import { identityOf } from './system/identity.ts';
import { resourcesOf } from './system/resource.ts';
import { Access } from './users/access.ts';
import { SshKeys } from './users/ssh-keys.ts';
import { Users } from './users/users.ts';
import { builtAt, version } from './version.ts';

/** What a router needs of its host. */
export interface RouterPorts extends StoreHost {
  /** Path of the store's database. */
  readonly database: string;
  /** The files of /file, opened once the store is owned. */
  readonly openFiles: () => Promise<Files>;
  readonly clock: Clock;
  readonly keyGenerator: KeyGenerator;
  readonly machine: Machine;
  /** Has the store erased once it is closed, and the program close it. */
  readonly reset: () => Promise<void>;
  readonly logSink: LogSink;
}

/** A router: its command tree, and what a front end asks beside it. */
export interface RouterCore {
  readonly tree: DirectoryDeclaration;
  readonly audit: (record: AuditRecord) => void;
  /** Name of the router, as it is now. */
  identity(): string;
  /** Who is let in. */
  readonly access: Access;
  /** The accounts that users have on this machine. */
  readonly accounts: { list(): readonly Account[]; onChange(listener: () => void): () => void };
  /** Writes the output of `print file=` to /file. */
  readonly files: Files;
  /** Is so much memory in use that scripts should keep no more? */
  isCrowded(): boolean;
  /** Resolves when nothing of it is written any more: not by commands and transfers that were under way, either. */
  close(): Promise<void>;
}

/** How often certificates are looked at for their coming end, milliseconds. */
const noticeInterval = 3_600_000;

/** Opens the store, or makes it, and wires the domains to the command tree. Throws `StoreError` and `FileError`. */
export async function openRouter(ports: RouterPorts): Promise<RouterCore> {
  const { clock, crypto, random, keyGenerator, machine } = ports;
  const store = await openStore(ports.database, ports);
  const log = new Log(clock, ports.logSink);
  const users = new Users({ store, crypto, random, clock });
  const identity = identityOf(store);
  const files = new OpenFiles(await ports.openFiles());
  const certificates = certificatesOf({
    store,
    files,
    clock,
    crypto,
    random,
    keyGenerator,
    builtAt,
    log: (severity, topics, message) => log.add(severity, topics, message),
  });
  const tree = commandTree({
    certificates,
    files: new RouterFiles(files),
    users,
    sshKeys: new SshKeys({ store, crypto, files }),
    log,
    identity,
    backup: new Backup({ store, files, crypto, random, clock }),
    clock,
    reset: ports.reset,
    resources: () => resourcesOf(machine, keyGenerator, { version, at: builtAt }),
  });
  const closing = new CancelSource();
  void repeatedly(() => notices(certificates, log), clock, closing);
  return {
    tree,
    audit: (record) => log.audit(record),
    identity: () => identity.name(),
    accounts: { list: () => users.accounts(), onChange: (listener) => store.onChange(listener) },
    access: new Access({ users, clock, log: (severity, topics, message) => log.add(severity, topics, message) }),
    files,
    isCrowded: () => machine.isCrowded(),
    async close() {
      closing.cancel();
      store.close();
      await files.close();
    },
  };
}

/** A store that can't be written must not stop the router: the notices are given when it can be. */
function notices(certificates: Certificates, log: Log): void {
  try {
    certificates.notices();
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    log.add('error', ['certificate'], `the ends of certificates could not be looked at: ${error.message}`);
  }
}

async function repeatedly(work: () => void, clock: Clock, until: CancelSource): Promise<void> {
  try {
    while (!until.cancelled) {
      work();
      await clock.sleep(noticeInterval, until);
    }
  } catch (error) {
    if (!(error instanceof Cancelled)) throw error;
  }
}
