import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { ScriptError } from '../../src/console/language/errors.ts';
import { LineBuffer } from '../../src/console/line-buffer.ts';
import { ScriptSession } from '../../src/console/script-session.ts';
import { type ItemNumbers, Session, type SessionContext } from '../../src/console/session.ts';
import type { Shell, Turn } from '../../src/console/shell.ts';
import { noAssistance } from './no-assistance.ts';
import { TestTerminal } from './test-terminal.ts';

type Command = (turn: Turn, context: { numbers: ItemNumbers | undefined; quit: () => void }) => Promise<void> | void;

const failing = (): never => {
  throw new ScriptError('no-such-item', 'no such item', { offset: 0, line: 3, column: 1 }, 'no such item (/certificate/sign; line 3)');
};

const commands: Readonly<Record<string, Command>> = {
  hello: async ({ screen }) => void (await screen.line('hello')),
  fail: failing,
  warned: ({ screen }) => screen.warn('old is signed with sha1, which can be forged: use sha256'),
  quit: (_turn, { quit }) => quit(),
  list: async ({ screen }) => {
    for (let i = 0; i < 100 && (await screen.line(`line ${i}`)); i++);
  },
  sign: async ({ screen }) => {
    for (const share of ['10%', '50%', 'done']) {
      screen.progress(share);
      await sleep(1);
    }
  },
  'sign forever': async ({ screen, cancel }) => {
    screen.progress('10%');
    await new Promise<void>((resolve) => {
      cancel.onCancel(resolve);
    });
    throw new ScriptError('interrupted', 'interrupted', { offset: 0, line: 1, column: 1 }, 'interrupted (/sign; line 1)');
  },
  import: async ({ screen, caller }) => void (await screen.line(`got ${(await caller.ask?.('passphrase:', { hidden: true }))?.length}`)),
  print: (_turn, { numbers }) => numbers?.remember('/certificate', new Map([[0, 7]])),
  number: async ({ screen, caller }) => void (await screen.line(String(caller.itemNumber?.('/certificate', 0)))),
};

/** A language of a few words, one command a line; `{` is open until `}`, and `secret=` is sensitive. */
function context(): SessionContext {
  return {
    person: () => ({ user: 'admin', policies: new Set(['read']) }),
    greeting: [],
    identity: () => 'router',
    came: () => () => undefined,
    shell: async (numbers, quit): Promise<Shell> => {
      const shell = {
        path: '/',
        isIncomplete: (text: string) => text.split('{').length > text.split('}').length,
        async runLine(text: string, turn: Turn) {
          if (text.startsWith('/')) shell.path = text;
          else if (text !== '') await (commands[text.replaceAll(/[{}\n]/g, '')] ?? failing)(turn, { numbers, quit });
        },
        async runScript(text: string, turn: Turn) {
          for (const line of text.trim().split('\n')) await shell.runLine(line, turn);
        },
        assistance: () => noAssistance,
        withoutSecrets: (text: string) => text.replaceAll(/secret=\S*/g, 'secret='),
      };
      return shell;
    },
  };
}

async function begun(how: ConstructorParameters<typeof TestTerminal>[0] = {}) {
  const person = new TestTerminal(how);
  const session = new Session(person, context());
  const ended = session.run();
  await person.idle();
  return { person, session, ended };
}

describe('a session', () => {
  it('shows the prompt of the menu it is in', async () => {
    const { person } = await begun();
    await person.press('hello\r/certificate\r');
    expect(person.lines).toEqual(['[admin@router] > hello', 'hello', '[admin@router] > /certificate', '[admin@router] /certificate>']);
  });

  it('ends at /quit and at Ctrl-D', async () => {
    for (const keys of ['quit\r', '\u0004']) {
      const { person, ended } = await begun();
      await person.press(keys);
      expect(await ended).toBe(0);
    }
  });

  it('shows an error and goes on', async () => {
    const { person } = await begun();
    await person.press('fail\rhello\r');
    expect(person.lines.slice(0, 4)).toEqual(['[admin@router] > fail', 'no such item', '[admin@router] > hello', 'hello']);
    expect(person.written).toContain('\u001b[31mno such item');
  });

  it('breaks what it says to a person between words', async () => {
    const person = new TestTerminal({ columns: 40 });
    void new Session(person, context()).run(['note: the native key generator is not built, so RSA keys take long']);
    await person.press('warned\r');
    expect(person.lines.slice(0, 2)).toEqual(['note: the native key generator is not', 'built, so RSA keys take long']);
    expect(person.lines.slice(3, 5)).toEqual(['warning: old is signed with sha1, which', 'can be forged: use sha256']);
  });

  it('refuses a line that is too long, with all that came with it, and does not remember it', async () => {
    const { person } = await begun();
    await person.press(`{\r${'a'.repeat(LineBuffer.longest + 1)}\rhello\r`);
    await person.press('hello\r\u001b[A\u001b[A');
    const after = person.lines.slice(person.lines.indexOf('line too long: at most 16384 characters'));
    expect(after).toEqual(['line too long: at most 16384 characters', '[admin@router] > hello', 'hello', '[admin@router] > hello']);
  });

  it('says so, too, when the pages of the command before were quit', async () => {
    const { person } = await begun();
    await person.press('list\r');
    await person.press('q');
    await person.press(`${'a'.repeat(LineBuffer.longest + 1)}\r`);
    expect(person.lines.slice(-2)).toEqual(['line too long: at most 16384 characters', '[admin@router] >']);
  });

  it('asks again when an answer is too long', async () => {
    const { person } = await begun();
    await person.press('import\r');
    await person.press(`${'a'.repeat(LineBuffer.longest + 1)}\r`);
    await person.press('geheim\r');
    const said = ['passphrase:', 'line too long: at most 16384 characters', 'passphrase:', 'got 6', '[admin@router] >'];
    expect(person.lines.slice(1)).toEqual(said);
  });

  it('asks for the rest of a command that is not whole', async () => {
    const { person } = await begun();
    await person.press('{\rhello\r}\r');
    expect(person.lines.slice(0, 4)).toEqual(['[admin@router] > {', '{... hello', '{... }', 'hello']);
  });

  it('forgets a command that is not whole at Ctrl-C', async () => {
    const { person } = await begun();
    await person.press('{\rhello\u0003hello\r');
    expect(person.lines.slice(0, 4)).toEqual(['[admin@router] > {', '{... hello', '[admin@router] > hello', 'hello']);
  });

  it('remembers lines without their secrets', async () => {
    const { person } = await begun();
    await person.press('import secret=geheim name=x\r');
    await person.press('\u001b[A');
    expect(person.lines.at(-1)).toBe('[admin@router] > import secret= name=x');
  });

  it('knows the numbers of the last print', async () => {
    const { person } = await begun();
    await person.press('number\rprint\rnumber\r');
    expect(person.lines.filter((line) => !line.startsWith('['))).toEqual(['undefined', '7']);
  });

  it('marks what is pasted only on terminals that know how', async () => {
    const { person, ended } = await begun({ type: 'xterm' });
    await person.press('\u0004');
    await ended;
    expect([person.written.includes('\u001b[?2004h'), person.written.endsWith('\u001b[?2004l')]).toEqual([true, true]);
    expect((await begun({ type: 'vt100' })).person.written).not.toContain('2004');
  });

  it('can be ended from outside, with what it runs', async () => {
    const { person, session, ended } = await begun();
    await person.press('sign forever\r');
    await session.stop(0);
    expect(await ended).toBe(0);
    expect(person.status).toBe(0);
  });

  describe('while a command runs', () => {
    it('shows how far it is on one line', async () => {
      const { person } = await begun();
      await person.press('sign\r');
      await person.idle();
      expect(person.lines).toEqual(['[admin@router] > sign', '  progress: done', '[admin@router] >']);
    });

    it('stops it at Ctrl-C, and forgets what was typed ahead', async () => {
      const { person } = await begun();
      await person.press('sign forever\rhello\r');
      person.interrupt();
      await person.idle();
      expect(person.lines).toEqual(['[admin@router] > sign forever', '  progress: 10%', 'interrupted', '[admin@router] >']);
    });

    it('stops it at a Ctrl-C that came with the line', async () => {
      const { person } = await begun();
      await person.press('sign forever\r\u0003');
      await person.idle();
      expect(person.lines.slice(-2)).toEqual(['interrupted', '[admin@router] >']);
    });

    it('asks for it without showing the answer', async () => {
      const { person } = await begun();
      await person.press('import\r');
      await person.press('geheim\r');
      expect(person.lines).toEqual(['[admin@router] > import', 'passphrase:', 'got 6', '[admin@router] >']);
    });
  });

  describe('with more output than rows', () => {
    const rows = 6;
    const prompt = '-- [Q quit|D dump|down]';

    it('stops after a screen and goes on by pages and lines', async () => {
      const { person } = await begun({ rows });
      await person.press('list\r');
      expect(person.lines.slice(-2)).toEqual(['line 4', prompt]);
      await person.press(' ');
      expect(person.lines.slice(-2)).toEqual(['line 9', prompt]);
      await person.press('\r');
      expect(person.lines.slice(-2)).toEqual(['line 10', prompt]);
    });

    it.each(['q', 'Q', '\u0003'])('ends at %j', async (key) => {
      const { person } = await begun({ rows });
      await person.press('list\r');
      await person.press(key);
      expect(person.lines.slice(-2)).toEqual(['line 4', '[admin@router] >']);
    });

    it('shows the rest at D', async () => {
      const { person } = await begun({ rows });
      await person.press('list\r');
      await person.press('d');
      expect(person.lines.slice(-2)).toEqual(['line 99', '[admin@router] >']);
    });

    it.each([
      [1, 1],
      [2, 2],
      [500, 300],
    ])('survives a window of %d columns and %d rows', async (columns, rows) => {
      const person = new TestTerminal();
      Object.defineProperties(person, { columns: { value: columns }, rows: { value: rows } });
      const ended = new Session(person, context()).run();
      await person.press('list\r');
      await person.press('d');
      await person.press('sign\r');
      await person.press('quit\r');
      await person.press('quit\r');
      expect(await ended).toBe(0);
    });
  });
});

async function script(text: string | Uint8Array) {
  const pipe = new TestTerminal({ interactive: false });
  const ended = new ScriptSession(pipe, context()).run();
  await pipe.press(text);
  await pipe.end();
  return { status: await ended, output: pipe.written, errors: pipe.errors };
}

describe('input that is no terminal', () => {
  it('is run as a script, without prompt and echo', async () => {
    expect(await script('hello\nhello\n')).toEqual({ status: 0, output: 'hello\nhello\n', errors: '' });
  });

  it('stops at the first error, with its place on standard error and status 1', async () => {
    expect(await script('hello\nfail\nhello\n')).toEqual({
      status: 1,
      output: 'hello\n',
      errors: 'no such item (/certificate/sign; line 3)\n',
    });
  });

  it('has no item numbers, nobody to ask, no pages, and of progress only the last', async () => {
    const { output } = await script('print\nnumber\nimport\nsign\nlist\n');
    expect(output.split('\n').slice(0, 4)).toEqual(['undefined', 'got undefined', '  progress: done', 'line 0']);
    expect(output.endsWith('line 99\n')).toBe(true);
  });

  it('ends at /quit with status 0', async () => {
    expect(await script('hello\nquit\n')).toMatchObject({ status: 0, output: 'hello\n' });
  });

  it('may begin with a byte order mark', async () => {
    expect(await script('\ufeffhello')).toMatchObject({ status: 0, output: 'hello\n' });
  });

  it('is refused when it is longer than 4 MiB', async () => {
    expect(await script(`hello${' '.repeat((4 << 20) - 5)}`)).toMatchObject({ status: 0, output: 'hello\n' });
    expect(await script(`hello${' '.repeat((4 << 20) - 4)}`)).toMatchObject({
      status: 1,
      output: '',
      errors: 'a script has at most 4194304 bytes\n',
    });
  });

  it('is refused when it is no text', async () => {
    expect(await script(Uint8Array.of(0xff, 0xfe, 0x00))).toMatchObject({ status: 1, errors: 'a script is UTF-8 text, and this is not\n' });
  });
});
