import type { Account } from './accounts/account-list.ts';
import { certificatesOf } from './certificates/certificates.ts';
import { CrlIssuer } from './crl/issue.ts';
import { OpenFiles } from './files/open-files.ts';
import { RouterFiles } from './files/router-files.ts';
import type { Request } from './http/request.ts';
import type { Response } from './http/server.ts';
import { lazily } from './job/lazily.ts';
import { Log } from './logging/log.ts';
import type { DirectoryDeclaration } from './menu/command.ts';
import type { AuditRecord } from './menu/invoke.ts';
import { commandTree } from './menu/tree.ts';
import type { Clock } from './platform/clock.ts';
import type { Files } from './platform/files.ts';
import type { KeyGenerator } from './platform/keygen.ts';
import type { LogSink } from './platform/log.ts';
import type { Machine } from './platform/machine.ts';
import type { Network } from './platform/network.ts';
import { CrlWork } from './services/crls.ts';
import { Notices } from './services/notices.ts';
import { Scheduler } from './services/scheduler.ts';
import { Services } from './services/services.ts';
import { Web } from './services/web.ts';
import { WebServer } from './services/web-server.ts';
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

/** What answers below /rest: a request, the words after that, and the address it comes from. */
type RestService = (request: Request, path: readonly string[], from: string) => Promise<Response>;

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
  /** Serves on the network what /ip/service says, from now on. `openRest` is called when somebody asks below /rest. */
  serve(network: Network, openRest: () => Promise<RestService>): void;
  /** Resolves when nothing of it is written any more: not by commands and transfers that were under way, either. */
  close(): Promise<void>;
}

/** Opens the store, or makes it, and wires the domains to the command tree. Throws `StoreError` and `FileError`. */
export async function openRouter(ports: RouterPorts): Promise<RouterCore> {
  const { clock, crypto, random, keyGenerator, machine } = ports;
  const store = await openStore(ports.database, ports);
  const log = new Log(clock, ports.logSink);
  const users = new Users({ store, crypto, random, clock });
  const identity = identityOf(store);
  const files = new OpenFiles(await ports.openFiles());
  const say: Log['add'] = (severity, topics, message) => log.add(severity, topics, message);
  const domain = { store, files, clock, crypto, random, keyGenerator, builtAt, log: say };
  const certificates = certificatesOf(domain);
  const services = new Services(store);
  const webServer = new WebServer(store);
  const crls = new CrlIssuer(domain);
  const tree = commandTree({
    certificates,
    files: new RouterFiles(files),
    users,
    sshKeys: new SshKeys({ store, crypto, files }),
    log,
    identity,
    services,
    webServer,
    backup: new Backup({ store, files, crypto, random, clock }),
    clock,
    reset: ports.reset,
    resources: () => resourcesOf(machine, keyGenerator, { version, at: builtAt }),
  });
  const scheduler = new Scheduler({ clock, random, isBelievable: () => certificates.isClockBelievable(), log: say }, [
    new Notices(clock, () => certificates.notices()),
    new CrlWork(crls),
  ]);
  store.onChange(() => scheduler.changed());
  void scheduler.run();
  let web: Web | undefined;
  const openSite = async (rest: () => Promise<RestService>) => {
    const [{ siteOf }, { CrlHost }] = await Promise.all([import('./services/site.ts'), import('./crl/host.ts')]);
    const crlHost = new CrlHost(crls, clock);
    store.onChange(() => crlHost.forget());
    return siteOf(webServer, {
      crl: (request, words) => crlHost.answer(request, words),
      rest: async (request, words, { address }) => (await rest())(request, words, address),
    });
  };
  return {
    tree,
    audit: (record) => log.audit(record),
    identity: () => identity.name(),
    accounts: { list: () => users.accounts(), onChange: (listener) => store.onChange(listener) },
    access: new Access({ users, clock, crypto, random, log: say }),
    files,
    isCrowded: () => machine.isCrowded(),
    serve(network, openRest) {
      web = new Web({
        network,
        clock,
        services,
        identity: (id) => certificates.serverIdentity(id),
        now: () => (clock.now() < builtAt ? undefined : clock.now()),
        site: lazily(() => openSite(lazily(openRest))),
        log: say,
      });
      scheduler.add(web);
    },
    async close() {
      scheduler.stop();
      await web?.close();
      store.close();
      await files.close();
    },
  };
}
