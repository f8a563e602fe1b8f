import { duration } from '../menu/argument-types.ts';
import type { CommandDeclaration } from '../menu/command.ts';
import type { Where } from '../menu/invoke.ts';
import type { Value } from '../menu/value.ts';
import { type Given, valueGiven, wordsOf } from './body.ts';
import { RestError, unknownParameter } from './errors.ts';
import { equals, filter, queryOf } from './query.ts';
import { itemArgument } from './run.ts';

/** What a command is run with, and how its answer was asked for. */
export interface CommandArguments {
  readonly given: ReadonlyMap<string, Value>;
  readonly where: Where | undefined;
  readonly once: boolean;
  readonly asValue: boolean;
  /** Milliseconds. */
  readonly duration: number | undefined;
}

/** Reads the body of a POST for a command: its arguments by their names, `.id`, `.proplist` and `.query`. Throws `RestError` and `CommandError`. */
export function commandArguments(command: CommandDeclaration, body: Given): CommandArguments {
  const given = new Map<string, Value>();
  let where: Where | undefined;
  let once = false;
  let limit: number | undefined;
  for (const [name, value] of Object.entries(body)) {
    if (name === '.query') where = whereOf(command, value);
    else if (isWatched(command) && name === 'once') once = value !== false && value !== 'no' && value !== 'false';
    else if (isWatched(command) && name === 'duration') limit = duration(1, 86_400_000).read(valueGiven(value), name, nobody);
    else given.set(argumentOf(command, name, given), name === '.proplist' ? listOf(value) : valueGiven(value));
  }
  const asValue = given.has('as-value');
  if (isPrint(command)) readAsPrint(command, given);
  return { given, where, once, asValue, duration: limit };
}

const nobody = { user: '', policies: new Set<never>() };

/** What changes something may take its time, and tells how far it is. */
function isWatched(command: CommandDeclaration): boolean {
  return command.changes === true;
}

function argumentOf(command: CommandDeclaration, name: string, given: ReadonlyMap<string, Value>): string {
  const argument = name === '.id' ? itemArgument(command) : name === '.proplist' ? 'proplist' : name;
  if (argument === undefined || !Object.hasOwn(command.args, argument)) throw unknownParameter(name);
  if (given.has(argument)) throw new RestError(400, `${argument} is given twice`);
  const declared = command.args[argument];
  if (declared?.where === true) throw new RestError(400, 'where is of the console: give .query');
  if (declared?.changes === true) throw new RestError(400, `${argument} is of the console`);
  return argument;
}

export function isPrint(command: CommandDeclaration): boolean {
  return Object.hasOwn(command.args, 'proplist') && Object.hasOwn(command.args, 'as-value');
}

/** A print over REST gives values, whatever it would show; a menu of settings has no other form. */
export function readAsPrint(command: CommandDeclaration, given: Map<string, Value>): void {
  given.delete('as-value');
  if (Object.hasOwn(command.args, 'where') && !given.has('count-only')) given.set('as-value', true);
}

function listOf(value: Given[string]): Value {
  return { type: 'array', elements: wordsOf(value).map((word) => ({ value: word })) };
}

function whereOf(command: CommandDeclaration, value: Given[string]): Where {
  if (!Object.hasOwn(command.args, 'where')) throw unknownParameter('.query');
  return queryOf(typeof value === 'object' ? value.map(String) : wordsOf(value), knownTo(command));
}

/** Of a GET: `.proplist`, and what properties have to be. Throws `RestError`. */
export function listArguments(
  command: CommandDeclaration,
  query: readonly (readonly [name: string, value: string])[],
): Pick<CommandArguments, 'given' | 'where'> {
  const given = new Map<string, Value>();
  const known = knownTo(command);
  const conditions = query.flatMap(([name, value]) => {
    if (name === '.proplist' && !given.has('proplist') && isPrint(command)) {
      given.set('proplist', listOf(value));
      return [];
    }
    known(name);
    return [equals(name, value)];
  });
  if (isPrint(command)) readAsPrint(command, given);
  return { given, where: conditions.length === 0 ? undefined : filter(conditions) };
}

/** The properties that a GET of one item asks for; none for all of them. Throws `RestError`, as for any other word of the query. */
export function wantedProperties(
  print: CommandDeclaration | undefined,
  query: readonly (readonly [name: string, value: string])[],
): readonly string[] {
  const known = print === undefined ? (): void => undefined : knownTo(print);
  return query.flatMap(([name, value]) => {
    if (name !== '.proplist') throw unknownParameter(name.slice(0, 64));
    const words = wordsOf(value);
    for (const word of words) known(word);
    return words;
  });
}

/** Refuses what is no property of the items of a menu. */
function knownTo(command: CommandDeclaration): (name: string) => void {
  const names = new Set(Object.hasOwn(command.args, 'where') ? command.args['where']?.type.completions?.() : []);
  return (name) => {
    if (!names.has(name)) throw unknownParameter(name.slice(0, 64));
  };
}
