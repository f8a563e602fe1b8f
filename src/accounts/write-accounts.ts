import { fromUtf8, utf8 } from '../bytes/utf8.ts';
import { neverCancelled } from '../platform/cancel.ts';
import type { Clock } from '../platform/clock.ts';
import { FileError, type Files } from '../platform/files.ts';
import { type AccountFiles, withAccounts } from './account-files.ts';
import { type Account, AccountsError } from './account-list.ts';

/** What writing accounts takes of a machine. */
export interface AccountsHost {
  readonly clock: Clock;
  /** The files below a folder of the machine, as they are. */
  machineFiles(root: string): Files;
  /** Locks a file as lckpwdf(3) does; undefined while another process has it. Throws `FileError`. */
  lockFile(path: string): (() => void) | undefined;
}

/** Where the accounts' folders are: made anew at each start of the machine. */
const homes = '/run/signet-accounts';

/** Milliseconds for which others may hold the lock (lckpwdf(3) waits for fifteen seconds, too), and between two looks. */
const patience = 15_000;
const betweenLooks = 100;

/** What a key opens is a console and the files, not the network of the router (sshd(8), dropbear(8)). */
const keyOptions = 'no-port-forwarding,no-agent-forwarding,no-X11-forwarding';

/** Longest of the files that are read, bytes. */
const limit = 1 << 20;

/**
 * Writes the entries of accounts in /etc/passwd, /etc/shadow and /etc/group, and each account's authorized_keys. Returns the names that were
 * refused: others have them on this machine, or no account may. Throws `AccountsError` and `FileError`.
 */
export async function writeAccounts(accounts: readonly Account[], shell: string, host: AccountsHost): Promise<readonly string[]> {
  const etc = host.machineFiles('/etc');
  const release = await locked(host);
  try {
    const before = { passwd: await read(etc, 'passwd'), shadow: await read(etc, 'shadow'), group: await read(etc, 'group') };
    const { refused, accounts: written, shadowBetween, ...after } = withAccounts(before, accounts, { homes, shell });
    await writeKeys(written, host);
    const now = { ...before };
    const write = async (name: keyof AccountFiles, text: string): Promise<void> => {
      if (text !== now[name]) await etc.replace(name, utf8(text), { secret: name === 'shadow', keepsAccess: true });
      now[name] = text;
    };
    // A full disk may stop it at any of them.
    await write('group', after.group);
    await write('shadow', after.passwd === before.passwd ? after.shadow : shadowBetween);
    await write('passwd', after.passwd);
    await write('shadow', after.shadow);
    return refused;
  } finally {
    release();
  }
}

async function locked(host: AccountsHost): Promise<() => void> {
  for (let waited = 0; waited < patience; waited += betweenLooks) {
    const release = host.lockFile('/etc/.pwd.lock');
    if (release !== undefined) return release;
    await host.clock.sleep(betweenLooks, neverCancelled);
  }
  throw new AccountsError('another program holds the lock of /etc/passwd');
}

/** Folders of those who have none any more go; so do keys that were taken away. */
async function writeKeys(accounts: readonly Account[], host: AccountsHost): Promise<void> {
  await makeFolder(host.machineFiles('/run'), 'signet-accounts');
  const files = host.machineFiles(homes);
  for (const { name } of await files.list())
    if (!name.includes('/') && !accounts.some((account) => account.name === name)) await files.remove(name);
  for (const { name, keys } of accounts) {
    const file = `${name}/.ssh/authorized_keys`;
    const content = keys.map((key) => `${keyOptions} ${key}\n`).join('');
    if ((await read(files, file)) !== content) await files.replace(file, utf8(content));
  }
}

async function makeFolder(files: Files, name: string): Promise<void> {
  try {
    await files.makeFolder(name);
  } catch (error) {
    if (!(error instanceof FileError && error.code === 'exists')) throw error;
  }
}

async function read(files: Files, name: string): Promise<string> {
  try {
    const text = fromUtf8(await files.read(name, limit));
    if (text === undefined) throw new AccountsError(`${name} is not UTF-8`);
    return text;
  } catch (error) {
    if (error instanceof FileError && error.code === 'no-such-file') return '';
    throw error;
  }
}
