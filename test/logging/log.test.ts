import { describe, expect, it } from 'vitest';
import { type AuditedCommand, Log } from '../../src/logging/log.ts';
import type { LogEntry } from '../../src/platform/log.ts';
import { NodeClock } from '../../src/platform/node/clock.ts';

function newLog(): { log: Log; written: LogEntry[] } {
  const written: LogEntry[] = [];
  return { log: new Log(new NodeClock(), { write: (entry) => written.push(entry) }), written };
}

describe('the log', () => {
  it('keeps entries in order, each with an id, its time, severity and topics, and tells the host of each', () => {
    const { log, written } = newLog();
    log.add('info', ['certificate'], 'signed ca');
    log.add('warning', ['certificate', 'expiry'], 'ca expires');
    expect(log.entries()).toEqual([
      { id: 1, time: expect.any(Number), severity: 'info', topics: ['certificate'], message: 'signed ca' },
      { id: 2, time: expect.any(Number), severity: 'warning', topics: ['certificate', 'expiry'], message: 'ca expires' },
    ]);
    expect(written.map(({ message }) => message)).toEqual(['signed ca', 'ca expires']);
  });

  it.each([1000, 1001, 1999, 2000, 2001, 4500])('shows the last thousand of %i, and gives no id twice', (count) => {
    const { log } = newLog();
    for (let i = 1; i <= count; i++) log.add('debug', ['script'], String(i));
    const entries = log.entries();
    expect(entries).toHaveLength(1000);
    expect([entries[0]?.id, entries[0]?.message, entries.at(-1)?.id]).toEqual([count - 999, String(count - 999), count]);
  });

  it('keeps a message as it is, but not without end', () => {
    const { log } = newLog();
    log.add('info', [], 'CN=\u001b[2J');
    log.add('info', [], 'x'.repeat(100_000));
    expect(log.entries().map(({ message }) => message)).toEqual(['CN=\u001b[2J', `${'x'.repeat(1024)}...`]);
  });
});

describe('the audit log', () => {
  const audited = (command: AuditedCommand) => {
    const { log } = newLog();
    log.audit(command);
    return log.entries()[0];
  };

  it('says who did what with which arguments', () => {
    const path = '/certificate/export-certificate';
    expect(
      audited({
        user: 'admin',
        path,
        arguments: [
          ['numbers', 'ca'],
          ['export-passphrase', '*****'],
        ],
      }),
    ).toMatchObject({
      severity: 'info',
      topics: ['system', 'audit'],
      message: 'admin ran /certificate/export-certificate numbers=ca export-passphrase=*****',
    });
  });

  it('quotes a value that could pose as something else', () => {
    const entry = audited({
      user: 'ann',
      path: '/certificate/add',
      arguments: [
        ['name', 'a unit=b'],
        ['unit', ''],
        ['state', 'say "hi" \\'],
      ],
    });
    expect(entry?.message).toBe(String.raw`ann ran /certificate/add name="a unit=b" unit="" state="say \"hi\" \\"`);
  });

  it('warns of what failed, and why', () => {
    const entry = audited({ user: 'ann', path: '/user/remove', arguments: [['numbers', '0']], error: 'not enough permissions (9)' });
    expect(entry).toMatchObject({ severity: 'warning', message: 'ann could not run /user/remove numbers=0: not enough permissions (9)' });
  });
});
