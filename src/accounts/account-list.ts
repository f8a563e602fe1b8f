/** A Unix account that a user of the router has. */
export interface Account {
  readonly name: string;
  readonly uid: number;
  /** The password as crypt(3) writes it; undefined where none opens the account. */
  readonly password: string | undefined;
  /** Lines of an authorized_keys file (sshd(8)). */
  readonly keys: readonly string[];
}

/** Unix accounts of users have the uids from here on: this and the user's id. So has their group. */
export const firstUid = 20_000;
/** The uid behind the last of them. */
export const endOfUids = 60_000;

/** Is this the uid of an account that users have? */
export function isAccountUid(uid: number): boolean {
  return uid >= firstUid && uid < endOfUids;
}

/** The accounts were not understood, or can't be written. */
export class AccountsError extends Error {
  readonly code = 'accounts';

  constructor(message: string) {
    super(message);
    this.name = 'AccountsError';
  }
}

/** The line that ends a list: a daemon that tells of changes sends one list after another. */
const endOfList = 'end\n';

/** A list as a daemon sends it: a line `account NAME UID PASSWORD`, `*` for no password, a line `key KEY` for each of its keys, and the end. */
export function encodeAccounts(accounts: readonly Account[]): string {
  const lines = accounts.flatMap(({ name, uid, password, keys }) => [
    `account ${name} ${uid} ${password ?? '*'}\n`,
    ...keys.map((key) => `key ${key}\n`),
  ]);
  return `${lines.join('')}${endOfList}`;
}

/** The whole lists in a text, each without its end, and what has come of the next one. */
export function splitLists(text: string): { readonly lists: readonly string[]; readonly rest: string } {
  const lists = text.split(/^end\n/m);
  return { rest: lists.pop() ?? '', lists };
}

/**
 * Reads a list without its end. What a daemon says, which is nobody's but its own user's, is not taken for more than it may be: accounts have
 * uids of theirs, passwords are of scrypt, keys have no options. Throws `AccountsError`.
 */
export function decodeAccounts(text: string): Account[] {
  const accounts: (Account & { keys: string[] })[] = [];
  for (const line of text.split('\n').slice(0, -1)) {
    const account = /^account ([A-Za-z0-9][A-Za-z0-9.*_@-]*) (\d{1,9}) (\*|\$7\$[./0-9A-Za-z$]+)$/.exec(line);
    const key = /^key ([a-z0-9@.-]+ [A-Za-z0-9+/]+={0,2})$/.exec(line)?.[1];
    const last = accounts.at(-1);
    if (account !== null) {
      const [, name = '', digits, password] = account;
      const uid = Number(digits);
      if (!isAccountUid(uid) || accounts.some((other) => other.name === name || other.uid === uid)) throw notUnderstood();
      accounts.push({ name, uid, password: password === '*' ? undefined : password, keys: [] });
    } else if (key !== undefined && last !== undefined) last.keys.push(key);
    else throw notUnderstood();
  }
  if (text !== '' && !text.endsWith('\n')) throw notUnderstood();
  return accounts;
}

function notUnderstood(): AccountsError {
  return new AccountsError('the daemon sent accounts that are not understood');
}
