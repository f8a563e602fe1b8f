import { describe, expect, test } from 'vitest';
import { text } from '../../src/menu/argument-types.ts';
import { type Caller, type CommandDeclaration, command, nothing, type Policy, type Result } from '../../src/menu/command.ts';
import { CommandError } from '../../src/menu/errors.ts';
import { type AuditRecord, type Invocation, invoke, type Where } from '../../src/menu/invoke.ts';
import { find, get, print } from '../../src/menu/item-commands.ts';
import { TableReader } from '../../src/menu/table-reader.ts';
import { formatValue, type Value } from '../../src/menu/value.ts';
import { Cancelled } from '../../src/platform/cancel.ts';
import { callBy, personSource, personTable, script } from './people.ts';

const reader = new TableReader(personTable);

function run(declared: CommandDeclaration, given: Record<string, Value> = {}, where?: Where, audited: AuditRecord[] = []): Promise<Result> {
  const invocation: Invocation = {
    path: '/person/x',
    command: declared,
    given: new Map(Object.entries(given)),
    ...(where === undefined ? {} : { where }),
  };
  return invoke(invocation, callBy(script), (record) => audited.push(record));
}

async function namesOf(result: Promise<Result>): Promise<string[]> {
  const answer = await result;
  if (answer.kind !== 'listing') throw new Error(`a ${answer.kind}`);
  return [...answer.listing.items].map((each) => formatValue(each.get('name') ?? null));
}

describe('print', () => {
  const list = print(reader, personSource);

  test('lists every item in order', async () => {
    expect(await namesOf(run(list))).toEqual(['ann', 'bob', '7']);
  });

  test('where leaves items out but keeps their numbers', async () => {
    const result = await run(list, {}, (each) => each.get('away') === true);
    expect(result.kind === 'listing' && [...result.listing.items].map((each) => each.number)).toEqual([1]);
  });

  test('a where that has to wait is waited for', async () => {
    expect(await namesOf(run(list, {}, async (each) => each.get('age') !== undefined))).toEqual(['ann', '7']);
  });

  test('from= shows just these items in this order', async () => {
    expect(await namesOf(run(list, { from: '*A,ann' }))).toEqual(['7', 'ann']);
  });

  test('order-by sorts by value, absent ones first, -name the other way round', async () => {
    expect(await namesOf(run(list, { 'order-by': 'age' }))).toEqual(['bob', '7', 'ann']);
    expect(await namesOf(run(list, { 'order-by': '-age' }))).toEqual(['ann', '7', 'bob']);
    await expect(run(list, { 'order-by': 'shoe-size' })).rejects.toThrow('input does not match any value of order-by');
  });

  test('to a file it changes the router: it needs write, and is audited', async () => {
    const audited: AuditRecord[] = [];
    const invocation: Invocation = { path: '/person/print', command: list, given: new Map([['file', 'all']]) };
    const reading: Caller = { user: 'eve', policies: new Set<Policy>(['read']) };
    await expect(invoke(invocation, callBy(reading), (record) => audited.push(record))).rejects.toThrow('not enough permissions (9)');
    await invoke(invocation, callBy(script), (record) => audited.push(record));
    expect(audited.map(({ user, error }) => [user, error])).toEqual([
      ['eve', 'not enough permissions (9)'],
      ['ann', undefined],
    ]);
  });

  test.each([
    [['brief', 'detail'], 'failure: brief and detail: expected one of them'],
    [['terse', 'value-list'], 'failure: terse and value-list: expected one of them'],
    [['count-only', 'as-value'], 'failure: count-only and as-value: expected one of them'],
    [['append'], 'failure: append needs file='],
  ])('refuses %j', async (flags, message) => {
    await expect(run(list, Object.fromEntries(flags.map((flag) => [flag, true])))).rejects.toThrow(new CommandError('failure', message));
  });

  test('as-value gives a script the items whatever their look, as scripts of RouterOS ask (print detail as-value)', async () => {
    const result = await run(list, { detail: true, 'as-value': true });
    expect(result.kind === 'listing' && result.listing.form.layout).toBe('as-value');
  });

  test('append goes with file=', async () => {
    const result = await run(list, { file: 'all', append: true });
    expect(result.kind === 'listing' && result.listing.form).toEqual({ layout: 'brief', file: 'all', append: true });
  });

  test('a property that nobody has is refused', async () => {
    await expect(run(list, { proplist: 'name,shoe-size' })).rejects.toThrow('input does not match any value of proplist');
  });
});

describe('find and get', () => {
  test('find gives ids', async () => {
    const result = await run(find(reader), {}, (each) => each.get('name') !== 'bob');
    expect(result.kind === 'value' && formatValue(result.value)).toBe('*1;*A');
  });

  test('get gives one value, nil for an absent one, or everything as a map', async () => {
    const of = async (given: Record<string, Value>): Promise<Value> => {
      const result = await run(get(reader, personSource), given);
      return result.kind === 'value' ? result.value : null;
    };
    expect(await of({ number: 'ann', 'value-name': 'age' })).toBe(40);
    expect(await of({ number: 'bob', 'value-name': 'age' })).toBe(null);
    expect(formatValue(await of({ number: 'bob' }))).toBe('.id=*2;away=true;name=bob');
    await expect(of({ number: 'bob', 'value-name': 'shoe-size' })).rejects.toThrow('input does not match any value of value-name');
  });
});

describe('running a command', () => {
  const rename = command({
    does: 'rename a person',
    needs: ['write', 'policy'],
    args: { to: { type: text, required: true, does: 'new name' }, password: { type: text, sensitive: true, does: 'a secret' } },
    changes: true,
    run: () => nothing,
  });
  const renameByAnyone: CommandDeclaration = { ...rename, needs: [] };

  test('checks arguments first, then what is missing, then the policy', async () => {
    await expect(run(rename, { colour: 'red' })).rejects.toThrow('unknown parameter colour');
    await expect(run(rename, { password: 'x' })).rejects.toThrow('missing value(s) of argument(s) to');
    await expect(run(rename, { to: 'x' })).rejects.toThrow('not enough permissions (9)');
  });

  test.each(['__proto__', 'constructor', 'toString'])('an argument called %s is unknown like any other', async (name) => {
    await expect(run(rename, Object.fromEntries([[name, 'x']]))).rejects.toThrow(`unknown parameter ${name}`);
  });

  test('a change is audited, its secrets masked', async () => {
    const audited: AuditRecord[] = [];
    await run(renameByAnyone, { to: 'x', password: 'hunter2' }, undefined, audited);
    expect(audited).toEqual([
      {
        user: 'ann',
        path: '/person/x',
        arguments: [
          ['to', 'x'],
          ['password', '***'],
        ],
      },
    ]);
  });

  test('a failed change is audited with its error', async () => {
    const audited: AuditRecord[] = [];
    const failing: CommandDeclaration = {
      ...renameByAnyone,
      run: () => {
        throw Object.assign(new Error('no room'), { code: 'full' });
      },
    };
    await expect(run(failing, { to: 'x' }, undefined, audited)).rejects.toThrow(new CommandError('failure', 'failure: no room'));
    expect(audited[0]?.error).toBe('failure: no room');
  });

  test('a refusal is audited, its secrets masked', async () => {
    const audited: AuditRecord[] = [];
    await expect(run(rename, { to: 'x', password: 'hunter2' }, undefined, audited)).rejects.toThrow('not enough permissions (9)');
    expect(audited).toMatchObject([{ path: '/person/x', error: 'not enough permissions (9)' }]);
    expect(JSON.stringify(audited)).not.toContain('hunter2');
  });

  test('an item that can not be looked up is a failure like any other', async () => {
    const number = {
      does: 'the person',
      type: {
        describes: 'item',
        read: () => Promise.reject(Object.assign(new Error('the store can not be read'), { code: 'failed' })),
      },
    };
    const failing: CommandDeclaration = { ...renameByAnyone, args: { number } };
    await expect(run(failing, { number: 'x' })).rejects.toThrow(new CommandError('failure', 'failure: the store can not be read'));
  });

  test('cancelled work is interrupted', async () => {
    const stopped: CommandDeclaration = {
      ...renameByAnyone,
      run: () => {
        throw new Cancelled();
      },
    };
    await expect(run(stopped, { to: 'x' })).rejects.toThrow('interrupted');
  });

  test("an error that is nobody's is not dressed up as a failure of the command", async () => {
    const broken: CommandDeclaration = {
      ...renameByAnyone,
      run: () => {
        throw new TypeError('bug');
      },
    };
    await expect(run(broken, { to: 'x' })).rejects.toThrow(TypeError);
  });
});
