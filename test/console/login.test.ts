import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { type LoginDesk, LoginDialogue } from '../../src/console/login.ts';
import { TestTerminal } from './test-terminal.ts';

interface Desk extends LoginDesk<string> {
  pauses: number;
}

/** A router whose admin has this password; undefined on a new one. */
function deskWith(password: string | undefined): Desk {
  const desk: Desk = {
    pauses: 0,
    identity: () => 'gate',
    withoutPassword: () => (password === undefined ? 'admin' : undefined),
    choosePassword(user, chosen) {
      if (chosen === 'somebody else') throw Object.assign(new Error('a password was set meanwhile'), { code: 'in-use' });
      password = chosen;
      return Promise.resolve(user);
    },
    authenticate: (user, tried) => Promise.resolve(user === 'admin' && tried === password ? user : undefined),
    pause: () => {
      desk.pauses++;
      return Promise.resolve();
    },
  };
  return desk;
}

async function begun(password: string | undefined, desk = deskWith(password)) {
  const person = new TestTerminal();
  const dialogue = new LoginDialogue(person, desk);
  const outcome = dialogue.run();
  await person.idle();
  return { person, dialogue, outcome, desk };
}

describe('the login', () => {
  it('lets in whoever knows name and password, which nobody sees', async () => {
    const { person, outcome } = await begun('correct horse');
    await person.press('admin\r');
    await person.press('correct horse\r');
    expect(await outcome).toBe('admin');
    expect(person.lines).toEqual(['gate Login: admin', 'Password:']);
    expect(person.written).not.toContain('horse');
  });

  it('says no, waits, and asks again', async () => {
    const { person, outcome, desk } = await begun('correct horse');
    await person.press('admin\r');
    await person.press('wrong\r');
    expect(desk.pauses).toBe(1);
    await person.press('admin\rcorrect horse\r');
    expect(await outcome).toBe('admin');
    expect(person.lines).toEqual([
      'gate Login: admin',
      'Password:',
      'Login failed, incorrect username or password',
      'gate Login: admin',
      'Password:',
    ]);
  });

  it('leaves after five failures, and begins anew at an empty name or Ctrl-C', async () => {
    const { person, outcome } = await begun('correct horse');
    await person.press('\r');
    await person.press('adm\u0003');
    await person.press('admin\r');
    await person.press('half\u0003');
    for (let i = 0; i < 5; i++) {
      await person.press('admin\r');
      await person.press('wrong\r');
    }
    expect(await outcome).toBeUndefined();
  });

  it('leaves at Ctrl-D, and when the terminal hangs up', async () => {
    const first = await begun('correct horse');
    await first.person.press('\u0004');
    expect(await first.outcome).toBeUndefined();
    const second = await begun('correct horse');
    await second.person.end();
    expect(await second.outcome).toBeUndefined();
  });

  it('forgets what was typed ahead of a failure', async () => {
    const { person, outcome } = await begun('correct horse');
    await person.press('admin\rwrong\r/certificate/remove ca\rx\r');
    await person.press('admin\rcorrect horse\r');
    expect(await outcome).toBe('admin');
    expect(person.screen).not.toContain('remove');
  });

  it('is ended from outside', async () => {
    const { person, dialogue, outcome } = await begun('correct horse');
    await dialogue.stop(1);
    await person.end();
    expect(await outcome).toBeUndefined();
    expect(person.status).toBe(1);
  });
});

describe('the login of a new router', () => {
  it('has the password chosen', async () => {
    const { person, outcome } = await begun(undefined);
    await person.press('correct horse\r');
    await person.press('correct horse\r');
    expect(await outcome).toBe('admin');
    expect(person.lines).toEqual(['No password is set on this router: choose the one of admin.', 'new password:', 'repeat new password:']);
  });

  it.each([
    ['short\r', 'short\r', 'a password has at least 8 characters'],
    ['correct horse\r', 'correct house\r', 'the passwords are not the same'],
    ['somebody else\r', 'somebody else\r', 'a password was set meanwhile'],
  ])('refuses %j and %j', async (first, second, why) => {
    const { person } = await begun(undefined);
    await person.press(first);
    await person.press(second);
    expect(person.lines).toContain(why);
    expect(person.lines.at(-1)).toBe('new password:');
  });

  it('asks for a name once somebody else has chosen', async () => {
    const desk = deskWith(undefined);
    const { person } = await begun(undefined, desk);
    await desk.choosePassword('admin', 'correct horse');
    await person.press('\u0003');
    await sleep(2);
    expect(person.lines.at(-1)).toBe('gate Login:');
  });
});
