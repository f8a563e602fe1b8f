/** What the program was called for. */
export type Task =
  /** A console here: on the daemon that runs on the store, or on one embedded in this process. */
  | { readonly kind: 'start' }
  /** A console on a daemon that runs already. */
  | { readonly kind: 'console' }
  /** A console on a daemon that runs already, for whoever tells a name and a password. */
  | { readonly kind: 'login' }
  | { readonly kind: 'daemon' }
  /** Gives the users of the daemon that runs their accounts on this machine; `follow`: and goes on doing so. */
  | { readonly kind: 'accounts'; readonly follow: boolean }
  | { readonly kind: 'run'; readonly file: string }
  | { readonly kind: 'line'; readonly line: string }
  /** The files of the router, for an SFTP client on a daemon that runs. */
  | { readonly kind: 'files' }
  | { readonly kind: 'version' }
  | { readonly kind: 'help' };

export interface CommandLine {
  readonly task: Task;
  /** The folder that `--store` names. */
  readonly store?: string;
  /** The socket that `--socket` names. */
  readonly socket?: string;
}

/** The program was called in a way that means nothing. */
export class UsageError extends Error {
  readonly code = 'usage';

  constructor(message: string) {
    super(message);
    this.name = 'UsageError';
  }
}

export const usage = `Usage: signet [--store DIR] [COMMAND]

Without a command: open a console in this terminal, on the daemon that runs on the store, or else
on one that ends with its last console. Input that is no terminal is run as a script.

  daemon         run until SIGTERM, consoles attach to it
  console        open a console on the daemon that runs
  login          the same for whoever tells a name and a password: for the serial line
  accounts [--follow]
                 give users who may log in by SSH their accounts on this machine (root);
                 --follow: go on, at each change
  run FILE       run the script in FILE
  -c LINE        run one line; the path of an SFTP server: serve an SFTP client, as sshd asks for
  version        print the version
  help           print this text

  --store DIR    the folder of the store; else SIGNET_STORE, else the usual one
  --socket FILE  where the daemon listens; else SIGNET_SOCKET, else console.sock in a store
                 that is named, else the usual place
`;

const longOptions: Readonly<Record<string, Task['kind'] | 'store' | 'socket'>> = {
  '--store': 'store',
  '--socket': 'socket',
  '--help': 'help',
  '-h': 'help',
  '--version': 'version',
  '-V': 'version',
  '-c': 'line',
};

const commands = ['daemon', 'console', 'login', 'accounts', 'run', 'version', 'help'] as const;

/** Reads the arguments of the program. Throws `UsageError`. */
export function readCommandLine(given: readonly string[]): CommandLine {
  const named: { store?: string; socket?: string } = {};
  let task: Task | undefined;
  const rest = [...given];
  const take = (of: string, what: string): string => {
    const value = rest.shift();
    if (value === undefined || value === '') throw new UsageError(`${of} needs ${what}`);
    return value;
  };
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    const assigned = /^(--store|--socket)=(.*)$/s.exec(word);
    if (assigned !== null) {
      rest.unshift(...assigned.slice(1));
      continue;
    }
    const option = longOptions[word];
    if (option === 'store' || option === 'socket') {
      named[option] = take(word, option === 'store' ? 'a folder' : 'a file');
      continue;
    }
    if (word === '--follow' && task?.kind === 'accounts') {
      task = { kind: 'accounts', follow: true };
      continue;
    }
    if (task !== undefined) throw new UsageError(`${word}: nothing is expected after the command`);
    if (option === 'line') task = taskOfLine(take('-c', 'a line'));
    else if (option === 'help' || option === 'version') task = { kind: option };
    else if (word === 'accounts') task = { kind: 'accounts', follow: false };
    else if (word === 'run') task = { kind: 'run', file: take('run', 'a file') };
    else task = { kind: commandOf(word) };
  }
  return { task: task ?? { kind: 'start' }, ...named };
}

/** SSH servers start the server of their SFTP subsystem by the shell of the account, which this program is. */
const sftpServer = /^(?:\/(?:[^/\s]+\/)*sftp-server|internal-sftp)(?:\s|$)/;

function taskOfLine(line: string): Task {
  return sftpServer.test(line) ? { kind: 'files' } : { kind: 'line', line };
}

function commandOf(word: string): Exclude<(typeof commands)[number], 'run' | 'accounts'> {
  const command = commands.find((each) => each === word);
  if (command !== undefined && command !== 'run' && command !== 'accounts') return command;
  const known = word.startsWith('-') ? Object.keys(longOptions).filter((each) => each.startsWith('--')) : commands;
  const meant = known.find((each) => isTypo(word, each));
  const what = word.startsWith('-') ? 'option' : 'command';
  throw new UsageError(`unknown ${what} ${word}${meant === undefined ? '' : `; did you mean ${meant}?`}`);
}

/** Is `word` at most two changes away from `meant`, each a letter too many, too few or another? */
function isTypo(word: string, meant: string): boolean {
  let previous = Array.from({ length: meant.length + 1 }, (_, i) => i);
  for (const [i, letter] of [...word].entries()) {
    const row = [i + 1];
    for (let j = 0; j < meant.length; j++) {
      const change = (previous[j] ?? 0) + (meant[j] === letter ? 0 : 1);
      row.push(Math.min(change, (previous[j + 1] ?? 0) + 1, (row[j] ?? 0) + 1));
    }
    previous = row;
  }
  return (previous.at(-1) ?? 3) <= 2;
}
