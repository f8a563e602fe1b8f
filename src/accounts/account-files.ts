import { type Account, AccountsError, firstUid, isAccountUid } from './account-list.ts';

/** The group of the accounts. */
const group = 'signet-user';
const gid = firstUid;

/** The texts of /etc/passwd, /etc/shadow and /etc/group. */
export interface AccountFiles {
  readonly passwd: string;
  readonly shadow: string;
  readonly group: string;
}

export interface WrittenAccounts extends AccountFiles {
  /**
   * What /etc/shadow has until /etc/passwd is written: all of `shadow`, and the passwords of accounts that are gone from then on. So each account in
   * /etc/passwd has its line, whatever is written last.
   */
  readonly shadowBetween: string;
  /** Those that have an account now. */
  readonly accounts: readonly Account[];
  /** Names that others have on this machine, or that no account may have. */
  readonly refused: readonly string[];
}

/** Portable names of accounts (XBD 3.437), which every program that reads these files takes; digits alone are a uid to some. */
const accountName = /^[A-Za-z_][A-Za-z0-9._-]{0,31}$/;

/**
 * The files with an entry for each account, those of before gone, and all others as they were. `homes` is the folder of the accounts' folders,
 * `shell` their program. Throws `AccountsError` where the gid of the accounts is another group's.
 */
export function withAccounts(
  before: AccountFiles,
  wanted: readonly Account[],
  { homes, shell }: { readonly homes: string; readonly shell: string },
): WrittenAccounts {
  const passwd = linesOf(before.passwd);
  const ours = new Set(passwd.filter((line) => isOurs(line, homes)).map((line) => field(line, 0)));
  const others = passwd.filter((line) => !isOurs(line, homes));
  const taken = new Set(others.map((line) => field(line, 0)));
  const takenUids = new Set(others.map((line) => Number(field(line, 2))));
  const groups = linesOf(before.group);
  // Who is named as a member of a group would be in it.
  const members = new Set(groups.flatMap((line) => field(line, 3).split(',')));
  const free = ({ name, uid }: Account): boolean => !taken.has(name) && !takenUids.has(uid) && !members.has(name);
  const accounts = wanted.filter((account) => accountName.test(account.name) && free(account));
  const other = groups.find((line) => (field(line, 0) === group) !== (Number(field(line, 2)) === gid));
  if (other !== undefined)
    throw new AccountsError(`/etc/group has ${field(other, 0)} with gid ${field(other, 2)}; ${group} needs gid ${gid}`);
  const gone = new Set([...ours, ...accounts.map(({ name }) => name)]);
  const shadow = [
    ...linesOf(before.shadow).filter((line) => taken.has(field(line, 0)) || !(gone.has(field(line, 0)) || isLeft.test(line))),
    // Never changed, never expires. `*` opens to no password, but to a key: OpenSSH without PAM takes `!` for a locked account.
    ...accounts.map(({ name, password }) => `${name}:${password ?? '*'}:::::::`),
  ];
  const named = new Set(shadow.map((line) => field(line, 0)));
  return {
    passwd: textOf([...others, ...accounts.map(({ name, uid }) => `${name}:x:${uid}:${gid}:user of signet:${homes}/${name}:${shell}`)]),
    shadow: textOf(shadow),
    shadowBetween: textOf([...shadow, ...linesOf(before.shadow).filter((line) => !named.has(field(line, 0)))]),
    group: groups.some((line) => field(line, 0) === group) ? before.group : textOf([...groups, `${group}:x:${gid}:`]),
    accounts,
    refused: wanted.filter((account) => !accounts.includes(account)).map(({ name }) => name),
  };
}

/** A line as it is written here; where no account has it, a full disk kept it from being taken away. */
const isLeft = /^[^:]+:(\*|\$7\$[^:]*):{7}$/;

function isOurs(line: string, homes: string): boolean {
  return isAccountUid(Number(field(line, 2))) && Number(field(line, 3)) === gid && field(line, 5).startsWith(`${homes}/`);
}

function field(line: string, at: number): string {
  return line.split(':')[at] ?? '';
}

function linesOf(text: string): string[] {
  return text.split('\n').filter((line) => line !== '');
}

function textOf(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('');
}
