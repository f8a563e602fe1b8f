import { describe, expect, it } from 'vitest';
import { identityOf } from '../../src/system/identity.ts';
import { openIn } from '../store/open-in.ts';
import { newStore, temporaryFolder } from '../store/opened.ts';

describe('the identity of the router', () => {
  it('is "router" until it is given, and kept', async () => {
    const folder = temporaryFolder();
    const store = await openIn(folder);
    expect(identityOf(store).name()).toBe('router');
    identityOf(store).rename('gw-1 (Riga)');
    store.close();
    const again = await openIn(folder);
    expect(identityOf(again).name()).toBe('gw-1 (Riga)');
    again.close();
  });

  it.each(['', 'x'.repeat(65), 'a\nb', '\u001b[2J', 'a\u202eb'])('can not be %j', async (name) => {
    const identity = identityOf(await newStore());
    expect(() => identity.rename(name)).toThrow(expect.objectContaining({ name: 'SystemError', code: 'bad-value' }));
    expect(identity.name()).toBe('router');
  });
});
