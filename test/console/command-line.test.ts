import { describe, expect, it } from 'vitest';
import { readCommandLine, UsageError, usage } from '../../src/console/command-line.ts';

describe('the arguments of the program', () => {
  it.each([
    [[], { task: { kind: 'start' } }],
    [['daemon'], { task: { kind: 'daemon' } }],
    [['console', '--store', '/flash/ca'], { task: { kind: 'console' }, store: '/flash/ca' }],
    [['--store=/flash/ca', 'run', 'ca.rsc'], { task: { kind: 'run', file: 'ca.rsc' }, store: '/flash/ca' }],
    [['-c', '/certificate print'], { task: { kind: 'line', line: '/certificate print' } }],
    [['-c', '/usr/lib/sftp-server'], { task: { kind: 'files' } }],
    [['-c', '/usr/lib/openssh/sftp-server -f DAEMON -l INFO'], { task: { kind: 'files' } }],
    [['-c', 'internal-sftp'], { task: { kind: 'files' } }],
    [['-c', '/usr/lib/sftp-server-of-mine'], { task: { kind: 'line', line: '/usr/lib/sftp-server-of-mine' } }],
    [['-c', ':put /usr/lib/sftp-server'], { task: { kind: 'line', line: ':put /usr/lib/sftp-server' } }],
    [['accounts'], { task: { kind: 'accounts', follow: false } }],
    [['accounts', '--follow', '--socket=/run/x'], { task: { kind: 'accounts', follow: true }, socket: '/run/x' }],
    [['login'], { task: { kind: 'login' } }],
    [['--version'], { task: { kind: 'version' } }],
    [['-h'], { task: { kind: 'help' } }],
  ])('%j', (given, expected) => {
    expect(readCommandLine(given)).toEqual(expected);
  });

  it.each([
    [['--sotre', 'x'], 'unknown option --sotre; did you mean --store?'],
    [['deamon'], 'unknown command deamon; did you mean daemon?'],
    [['frobnicate'], 'unknown command frobnicate'],
    [['--store'], '--store needs a folder'],
    [['run'], 'run needs a file'],
    [['-c'], '-c needs a line'],
    [['--follow'], 'unknown option --follow'],
    [['daemon', 'console'], 'console: nothing is expected after the command'],
  ])('%j is refused', (given, message) => {
    expect(() => readCommandLine(given)).toThrow(new UsageError(message));
  });

  it('has a usage text that names every command', () => {
    for (const word of ['daemon', 'console', 'login', 'accounts', 'run FILE', '-c LINE', 'version', 'help', '--store DIR'])
      expect(usage).toContain(word);
  });
});
