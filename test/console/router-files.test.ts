import { readdirSync, writeFileSync } from 'node:fs';
import { beforeEach, describe, expect, it } from 'vitest';
import { firstUid } from '../../src/accounts/account-list.ts';
import { unlimited } from '../../src/bytes/budget.ts';
import { utf8 } from '../../src/bytes/utf8.ts';
import { type Consoles, consolesOf, type FilesVisit } from '../../src/console/router-console.ts';
import { NodeClock } from '../../src/platform/node/clock.ts';
import { packet, string, uint32 } from '../../src/sftp/packet.ts';
import { openFlags } from '../../src/sftp/protocol.ts';
import { encodeRequest } from '../../src/sftp/request.ts';
import { RouterConsole } from '../menu/router-console.ts';

let console: RouterConsole;
let consoles: Consoles;

beforeEach(async () => {
  console = await RouterConsole.start();
  consoles = consolesOf(console.router, new NodeClock(), []);
  await console.type(
    '/user/group/add name=carriers policy=ssh,ftp',
    '/user/group/add name=readers policy=ssh,read',
    '/user/add name=ann group=carriers',
    '/user/add name=bob group=readers',
  );
});

/** The visit of a user's account. */
async function visitOf(name: string): Promise<FilesVisit | undefined> {
  const [id] = await console.type(`:put [/user/find name=${name}]`);
  return consoles.accountsFiles(firstUid + Number.parseInt(id?.slice(1) ?? '', 16), { via: 'sftp', from: '192.0.2.7' });
}

const hello = packet(1, uint32(3));
const mkdir = (path: string): Uint8Array => encodeRequest({ id: 1, type: 'mkdir', path: utf8(path), attributes: {} });

/** What comes back, one packet each, for what is sent; `before` is called before each. */
async function answers(visit: FilesVisit | undefined, sent: readonly Uint8Array[], before: () => Promise<unknown> = async () => undefined) {
  const left = [...sent];
  const back: Uint8Array[] = [];
  await visit?.serve(
    {
      async read() {
        await before();
        return left.shift();
      },
      async write(bytes) {
        back.push(bytes);
      },
    },
    unlimited(),
  );
  return back;
}

const statusOf = (code: number, message: string): Uint8Array => packet(101, uint32(1), uint32(code), string(message), string('en'));

describe('the files of a router', () => {
  it('are for users with the policies ssh and ftp; what they change is logged', async () => {
    const visit = await visitOf('ann');
    const left = visit?.came();
    const [, made, again] = await answers(visit, [hello, mkdir('/vpn'), mkdir('/vpn')]);
    left?.();
    expect(made).toEqual(statusOf(0, 'ok'));
    expect(again).toEqual(statusOf(4, 'file already exists: vpn'));
    expect(readdirSync(console.file(''))).toEqual(['vpn']);
    const log = (await console.type('/log/print')).join('\n');
    for (const line of [
      'user ann logged in from 192.0.2.7 via sftp',
      'ann ran sftp mkdir name=vpn',
      'ann could not run sftp mkdir name=vpn: file already exists: vpn',
      'user ann logged out from 192.0.2.7 via sftp',
    ])
      expect(log).toContain(line);
  });

  it('are all of them, keys too, for who has ftp, as in RouterOS; who takes a key is logged', async () => {
    writeFileSync(console.file('a.key'), 'k');
    const open = encodeRequest({ id: 1, type: 'open', path: utf8('a.key'), flags: openFlags.read, attributes: {} });
    const [, opened] = await answers(await visitOf('ann'), [hello, open]);
    expect(opened).toEqual(packet(102, uint32(1), string(uint32(1))));
    expect((await console.type('/log/print')).join('\n')).toContain('ann ran sftp get name=a.key');
  });

  it('are for nobody else, which is logged', async () => {
    expect(await visitOf('bob')).toBeUndefined();
    expect((await console.type('/log/print')).join('\n')).toContain('login failure for user bob from 192.0.2.7 via sftp');
  });

  it('are closed to somebody who is there when the policy goes', async () => {
    const visit = await visitOf('ann');
    let asked = 0;
    const [, first, second] = await answers(visit, [hello, mkdir('/one'), mkdir('/two')], async () => {
      asked++;
      if (asked === 3) await console.type('/user/set ann disabled=yes');
    });
    expect(first).toEqual(statusOf(0, 'ok'));
    expect(second).toEqual(statusOf(3, 'not permitted'));
    expect(readdirSync(console.file(''))).toEqual(['one']);
  });
});
