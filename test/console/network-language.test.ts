import { describe, expect, it } from 'vitest';
import { NetworkLanguage } from '../../src/console/network-language.ts';
import { text } from '../../src/menu/argument-types.ts';
import { command, directory, nothing } from '../../src/menu/command.ts';
import { CancelSource, neverCancelled } from '../../src/platform/cancel.ts';
import { NodeClock } from '../../src/platform/node/clock.ts';

const caller = { user: 'ann', policies: new Set<never>() };
const said: string[] = [];

const tree = directory('all', {
  greet: command({
    does: 'greet somebody',
    needs: [],
    args: { name: { type: text, unnamed: true, required: true, does: 'who' }, loudly: { type: text, does: 'how' } },
    run: ({ name }) => {
      said.push(name);
      return nothing;
    },
  }),
});

const language = new NetworkLanguage({
  tree,
  clock: new NodeClock(),
  audit: () => undefined,
  isCrowded: () => false,
  saveFile: () => Promise.resolve(),
});

describe('a text behind a command', () => {
  it('is completed and coloured from its own beginning', async () => {
    expect(await language.complete('/greet', 'lou')).toEqual([{ text: 'loudly', style: 'arg', offset: 0 }]);
    expect(await language.complete('/greet', 'ann lou')).toEqual([{ text: 'loudly', style: 'arg', offset: 4 }]);
    expect(
      language
        .styles('/greet', 'loudly=x')
        .map(({ text: piece }) => piece)
        .join(''),
    ).toBe('loudly=x');
  });

  it('has the faults of the whole', () => {
    expect(language.fault('/greet', 'ann')).toBeUndefined();
    expect(language.fault('/greet', 'ann softly=x')).toBeDefined();
  });
});

describe('a script', () => {
  it('shows what it puts', async () => {
    expect(await language.run(':put (1+2)', caller, neverCancelled)).toBe('3\n');
  });

  it('ends where it quits', async () => {
    expect(await language.run(':put 1; /quit; :put 2; /greet late', caller, neverCancelled)).toBe('1\n');
    expect(said).toEqual([]);
  });

  it('is cancelled from outside', async () => {
    const cancel = new CancelSource();
    const running = language.run(':delay 60s', caller, cancel);
    cancel.cancel();
    await expect(running).rejects.toMatchObject({ code: 'failure', message: expect.stringContaining('interrupted') });
  });

  it('keeps nothing for the next one', async () => {
    await language.run(':global x 1', caller, neverCancelled);
    await expect(language.run(':put $x', caller, neverCancelled)).rejects.toMatchObject({ code: 'failure' });
  });
});
