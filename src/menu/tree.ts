import type { Certificates } from '../certificates/certificates.ts';
import type { RouterFiles } from '../files/router-files.ts';
import type { Log } from '../logging/log.ts';
import { type Clock, type Instant, localDateTime } from '../platform/clock.ts';
import type { Services } from '../services/services.ts';
import type { WebServer } from '../services/web-server.ts';
import type { Backup } from '../system/backup.ts';
import type { Identity } from '../system/identity.ts';
import type { Resources } from '../system/resource.ts';
import type { SshKeys } from '../users/ssh-keys.ts';
import type { Users } from '../users/users.ts';
import { backupMenu } from './backup.ts';
import { certificateMenu, certificateSource } from './certificate.ts';
import { type DirectoryDeclaration, directory } from './command.ts';
import { fileMenu } from './file.ts';
import { serviceMenu } from './ip-service.ts';
import { logMenu } from './log.ts';
import { clockMenu, identityMenu, resetCommand, resourceMenu } from './system.ts';
import { userMenu } from './user.ts';

/** The domains that the command tree calls. */
export interface Domains {
  readonly certificates: Certificates;
  readonly files: RouterFiles;
  readonly users: Users;
  readonly sshKeys: SshKeys;
  readonly log: Log;
  readonly identity: Identity;
  readonly services: Services;
  readonly webServer: WebServer;
  readonly backup: Backup;
  readonly clock: Clock;
  /** Has the router be as it was when it was new. */
  readonly reset: () => Promise<void>;
  /** The machine and the program now. */
  readonly resources: () => Resources;
}

/** Every menu of the router. */
export function commandTree(domains: Domains): DirectoryDeclaration {
  const formatTime = (instant: Instant): string => localDateTime(instant, domains.clock);
  return directory('the router', {
    certificate: certificateMenu(domains.certificates, domains.files, domains.clock, formatTime),
    file: fileMenu(domains.files, formatTime),
    ip: directory('the network', { service: serviceMenu(domains.services, domains.webServer, certificateSource(domains.certificates)) }),
    log: logMenu(domains.log, formatTime),
    system: directory('the router itself', {
      backup: backupMenu(domains.backup, domains.files),
      clock: clockMenu(domains.clock),
      identity: identityMenu(domains.identity),
      'reset-configuration': resetCommand(domains.reset),
      resource: resourceMenu(domains.resources, formatTime),
    }),
    user: userMenu(domains.users, domains.sshKeys, domains.files, formatTime),
  });
}
