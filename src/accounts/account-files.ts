import { type Account, firstUid, isAccountUid } from './account-list.ts';

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
  /** Those that have an account now. */
  readonly accounts: readonly Account[];
  /** Names that others have on this machine, or that no account may have. */
  readonly refused: readonly string[];
}

/** Portable names of accounts (XBD 3.437), which every program that reads these files takes. */
const accountName = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,31}$/;

/**
 * The files with an entry for each account, those of before gone, and all others as they were. `homes` is the folder of the accounts' folders,
 * `shell` their program.
 */
export function withAccounts(
  before: AccountFiles,
  wanted: readonly Account[],
  { homes, shell }: { readonly homes: string; readonly shell: string },
): WrittenAccounts {
  const passwd = linesOf(before.passwd);
  const ours = new Set(passwd.filter((line) => isOurs(line)).map((line) => field(line, 0)));
  const others = passwd.filter((line) => !isOurs(line));
  const taken = new Set(others.map((line) => field(line, 0)));
  const accounts = wanted.filter(({ name }) => accountName.test(name) && !taken.has(name));
  const gone = new Set([...ours, ...accounts.map(({ name }) => name)]);
  return {
    passwd: textOf([...others, ...accounts.map(({ name, uid }) => `${name}:x:${uid}:${gid}:user of signet:${homes}/${name}:${shell}`)]),
    shadow: textOf([
      ...linesOf(before.shadow).filter((line) => taken.has(field(line, 0)) || !gone.has(field(line, 0))),
      // Never changed, never expires. `*` opens to no password, but to a key: OpenSSH without PAM takes `!` for a locked account.
      ...accounts.map(({ name, password }) => `${name}:${password ?? '*'}:::::::`),
    ]),
    group: textOf([...linesOf(before.group).filter((line) => field(line, 0) !== group), `${group}:x:${gid}:`]),
    accounts,
    refused: wanted.filter((account) => !accounts.includes(account)).map(({ name }) => name),
  };
}

function isOurs(line: string): boolean {
  return isAccountUid(Number(field(line, 2)));
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
