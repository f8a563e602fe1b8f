import { type Account, decodeAccounts, splitLists } from '../accounts/account-list.ts';
import { type AccountsHost, writeAccounts } from '../accounts/write-accounts.ts';
import { fromUtf8Lossy } from '../bytes/utf8.ts';
import type { Connection } from '../platform/network.ts';
import { encodeFrame, FrameDecoder, ProtocolError, protocolVersion } from './protocol.ts';

/** What a program that keeps accounts is given. */
export interface AccountsKeeper extends AccountsHost {
  complain(text: string): void;
}

/** The program that is the accounts' shell; where it is kept must be listed in /etc/shells. */
const shell = '/usr/bin/signet';

/**
 * Asks a daemon for the accounts of its users and writes their entries on this machine; with `follow`, at each change, too. Resolves with the
 * exit status; undefined when the daemon went away while it was followed.
 */
export async function keepAccounts(connection: Connection, follow: boolean, keeper: AccountsKeeper): Promise<number | undefined> {
  try {
    await connection.write(
      encodeFrame({ type: 'hello', version: protocolVersion, columns: 0, rows: 0, purpose: 'accounts', terminal: '', from: '' }),
    );
    const decoder = new FrameDecoder();
    let text = '';
    for (;;) {
      const bytes = await connection.read().catch(() => undefined);
      if (bytes === undefined) break;
      for (const frame of decoder.push(bytes)) {
        if (frame.type === 'exit') return frame.status;
        if (frame.type === 'error') keeper.complain(`signet: ${fromUtf8Lossy(frame.bytes)}`);
        if (frame.type !== 'output') continue;
        text += fromUtf8Lossy(frame.bytes);
        const { lists, rest } = splitLists(text);
        text = rest;
        // What came before the last one is out of date.
        const list = lists.at(-1);
        if (list === undefined) continue;
        await write(decodeAccounts(list), keeper);
        if (!follow) return 0;
      }
    }
    if (follow) return undefined;
    throw new ProtocolError('closed', 'the daemon has ended');
  } finally {
    connection.close();
  }
}

async function write(accounts: readonly Account[], keeper: AccountsKeeper): Promise<void> {
  const refused = await writeAccounts(accounts, shell, keeper);
  for (const name of refused) keeper.complain(`signet: user ${name} gets no account: the name is taken on this machine, or can't be one\n`);
}
