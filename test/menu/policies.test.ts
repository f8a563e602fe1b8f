import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ArgumentDeclaration, type CommandDeclaration, type Declaration, nothing } from '../../src/menu/command.ts';
import { invoke } from '../../src/menu/invoke.ts';
import type { Value } from '../../src/menu/value.ts';
import type { RouterCore } from '../../src/router.ts';
import { type Policy, policies } from '../../src/users/policies.ts';
import { routerIn } from '../router-for-tests.ts';
import { callBy } from './people.ts';

const folder = mkdtempSync(join(tmpdir(), 'signet-policies-'));
const router: RouterCore = await routerIn(folder);
afterAll(async () => {
  await router.close();
  rmSync(folder, { recursive: true });
});

interface Named {
  readonly path: string;
  readonly command: CommandDeclaration;
}

function commandsOf(tree: Declaration, path = ''): Named[] {
  if (tree.kind === 'command') return [{ path, command: tree }];
  return Object.entries(tree.children).flatMap(([name, child]) => commandsOf(child, `${path}/${name}`));
}

const all = commandsOf(router.tree);

function commandAt(path: string): CommandDeclaration {
  const found = all.find((each) => each.path === path);
  if (found === undefined) throw new Error(`there is no ${path}`);
  return found.command;
}

const everybody = callBy({ user: 'admin', policies: new Set(policies) });

async function run(path: string, given: Readonly<Record<string, Value>>): Promise<void> {
  await invoke({ path, command: commandAt(path), given: new Map(Object.entries(given)) }, everybody, () => undefined);
}

const keyFields = ['ssh-ed25519', Buffer.alloc(32, 7)].map((field) =>
  Buffer.concat([Buffer.from([0, 0, 0, field.length]), Buffer.from(field)]),
);
const publicKey = `ssh-ed25519 ${Buffer.concat(keyFields).toString('base64')}`;

/** One item in each menu that has items, so that commands have something to be about. */
beforeAll(async () => {
  await run('/certificate/add', { name: 'template', 'common-name': 'template' });
  await run('/file/add', { name: 'text.txt', contents: 'text' });
  await run('/log/info', { message: 'text' });
  await run('/user/ssh-keys/add', { user: 'admin', key: publicKey });
});

/** A value that the argument takes. */
async function sampleOf({ type }: ArgumentDeclaration): Promise<Value> {
  const offered = type.completions?.() ?? (await type.lookUp?.()) ?? [];
  return offered[0] ?? (type.describes.startsWith('item') ? '*1' : 'text');
}

/** What is missing of all policies, and whether the command ran or how it was refused. */
async function attempt({ path, command }: Named, missing: Policy | undefined, more: Readonly<Record<string, Value>>): Promise<string> {
  const given = new Map<string, Value>(Object.entries(more));
  for (const [name, declared] of Object.entries(command.args)) if (declared.required === true) given.set(name, await sampleOf(declared));
  const may = new Set(policies.filter((policy) => policy !== missing));
  let ran = 'it did not run';
  // Whether it would do anything is all that counts: nothing here is removed.
  const watched: CommandDeclaration = {
    ...command,
    run: () => {
      ran = 'it ran';
      return nothing;
    },
  };
  try {
    await invoke({ path, command: watched, given }, callBy({ user: 'eve', policies: may }), () => undefined);
    return ran;
  } catch (error) {
    return `${ran}: ${String(error)}`;
  }
}

const refused = 'it did not run: CommandError: not enough permissions (9)';

describe('each policy that is missing', () => {
  it.each(all)('keeps $path from running where the command needs it, and only there', async (each) => {
    expect(await attempt(each, undefined, {})).toBe('it ran');
    for (const policy of policies) {
      expect(await attempt(each, policy, {}), policy).toBe(each.command.needs.includes(policy) ? refused : 'it ran');
    }
  });

  it.each(all.filter(({ command }) => Object.hasOwn(command.args, 'file')))('keeps $path from writing files', async (each) => {
    expect(await attempt(each, 'write', { file: 'all' })).toBe(refused);
    expect(await attempt(each, 'ssh', { file: 'all' })).toBe('it ran');
  });
});

describe('the policies of commands', () => {
  it('have write for whatever changes something', () => {
    expect(all.filter(({ command }) => command.changes === true && !command.needs.includes('write')).map(({ path }) => path)).toEqual([]);
  });

  it('have policy for whatever changes users', () => {
    const changing = all.filter(({ path, command }) => path.startsWith('/user/') && command.changes === true);
    expect(changing.filter(({ command }) => !command.needs.includes('policy')).map(({ path }) => path)).toEqual([]);
  });

  it('are never none', () => {
    expect(all.filter(({ command }) => command.needs.length === 0).map(({ path }) => path)).toEqual([]);
  });
});
