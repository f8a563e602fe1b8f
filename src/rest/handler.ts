import type { Request } from '../http/request.ts';
import type { Response } from '../http/server.ts';
import type { Caller, DirectoryDeclaration } from '../menu/command.ts';
import { CommandError } from '../menu/errors.ts';
import { idOf, parseId, type Value } from '../menu/value.ts';
import { answer, emptyAnswer, refusal } from './answer.ts';
import { bodyOf, valueGiven } from './body.ts';
import { commandArguments, listArguments, wantedProperties } from './command-arguments.ts';
import { noSuchCommand, RestError, unknownParameter } from './errors.ts';
import { openApiText } from './openapi.ts';
import { fieldsOf, listingText, resultText, settingsText } from './results.ts';
import { type MenuPlace, placeOf } from './route.ts';
import { itemArgument, type Ran, Runner, type RunPorts } from './run.ts';
import { objectText, returnedText } from './text.ts';

export interface RestPorts extends RunPorts {
  /** Every menu that can be reached: there is no route but these. */
  readonly tree: DirectoryDeclaration;
  /** Of the program, for the description. */
  readonly version: string;
}

/** From a request, the words of its path after "/rest", and who asks, to the answer. Throws only what is nobody's fault. */
export type RestHandler = (request: Request, path: readonly string[], caller: Caller) => Promise<Response>;

/** The command tree over REST, as RouterOS has it. */
export function restHandler(ports: RestPorts): RestHandler {
  return async (request, path, caller) => {
    try {
      refuseOtherSites(request);
      if (path.length === 1 && path[0] === 'openapi.json') return description(request, ports);
      const verb = verbs.get(request.method);
      if (verb === undefined) throw new RestError(405, '', [...verbs.keys()]);
      const place = placeOf(ports.tree, path);
      return await verb(place, request, new Runner(ports, caller));
    } catch (error) {
      return refusal(error);
    }
  };
}

/** `/rest/openapi.json`, a name that no menu has. */
function description({ method }: Request, { tree, version }: RestPorts): Response {
  if (method !== 'GET' && method !== 'HEAD') throw new RestError(405, '', ['GET', 'HEAD']);
  return answer(200, openApiText(tree, version));
}

type Verb = (place: MenuPlace, request: Request, runner: Runner) => Promise<Response>;

const get: Verb = (place, request, runner) => (place.item === undefined ? list(place, request, runner) : one(place, request, runner));

const verbs: ReadonlyMap<string, Verb> = new Map<string, Verb>([
  ['GET', get],
  ['HEAD', get],
  ['PUT', add],
  ['PATCH', change],
  ['DELETE', remove],
  ['POST', run],
]);

/** A browser that is logged in sends its password along with what a page of another site wants done. */
function refuseOtherSites({ method, headers }: Request): void {
  const origin = headers.get('Origin');
  if (origin === undefined || method === 'GET' || method === 'HEAD') return;
  const host = origin.replace(/^https?:\/\//i, '').toLowerCase();
  if (host !== headers.get('Host')?.toLowerCase()) throw new RestError(403, 'a page of another site asks');
}

async function list(place: MenuPlace, { target }: Request, runner: Runner): Promise<Response> {
  const { given, where } = listArguments(place.command('print'), target.query);
  const { result } = await runner.run({ place, name: 'print', given, where });
  if (result.kind !== 'listing') return answer(200, resultText({ result, samples: [] }, { once: false, asValue: true }));
  return answer(200, place.hasItems ? listingText(result.listing) : settingsText(result.listing));
}

async function one(place: MenuPlace, { target }: Request, runner: Runner): Promise<Response> {
  const id = await itemOf(place, runner);
  const wanted = wantedProperties(place.commandNamed('print'), target.query);
  const fields = await propertiesOf(place, id, runner);
  return answer(200, objectText(wanted.length === 0 ? fields : fields.filter(([name]) => wanted.includes(name))));
}

async function add(place: MenuPlace, request: Request, runner: Runner): Promise<Response> {
  if (place.item !== undefined) throw notAllowed(place);
  const command = place.command('add');
  const ran = await runner.run({ place, name: 'add', given: commandArguments(command, await bodyOf(request)).given });
  const id = ran.result.kind === 'value' ? ran.result.value : undefined;
  return answer(201, await changed(place, id, runner));
}

async function change(place: MenuPlace, request: Request, runner: Runner): Promise<Response> {
  const command = place.command('set');
  const body = await bodyOf(request);
  const id = await itemOf(place, runner);
  const argument = itemArgument(command);
  const given = new Map<string, Value>();
  for (const [name, value] of Object.entries(body)) {
    if (name === '.id' && value === returnedText(id)) continue;
    if (name === argument || name.startsWith('.')) throw unknownParameter(name);
    given.set(name, valueGiven(value));
  }
  if (argument !== undefined) given.set(argument, id);
  await found(runner.run({ place, name: 'set', given }));
  return answer(200, await changed(place, id, runner));
}

async function remove(place: MenuPlace, _: Request, runner: Runner): Promise<Response> {
  const argument = itemArgument(place.command('remove')) ?? 'numbers';
  const id = await itemOf(place, runner);
  await found(runner.run({ place, name: 'remove', given: new Map([[argument, id]]) }));
  return emptyAnswer();
}

async function run(place: MenuPlace, request: Request, runner: Runner): Promise<Response> {
  const [name, ...more] = place.rest;
  if (name === undefined) throw notAllowed(place);
  if (more.length > 0) throw noSuchCommand(name);
  const command = place.command(name);
  const asked = commandArguments(command, await bodyOf(request));
  const ran: Ran = await runner.run({ place, name, ...asked });
  return answer(200, resultText(ran, asked));
}

/** The id of the item that the path names. Throws `RestError` 404 if there is none. */
async function itemOf(place: MenuPlace, runner: Runner): Promise<Value> {
  const name = place.item;
  if (name === undefined) throw new RestError(400, 'missing or invalid resource identifier');
  if (!place.hasItems) throw !place.has(name) ? noSuchCommand(place.rest[0] ?? '') : notAllowed(place);
  const id = parseId(name);
  if (id !== undefined) return idOf(id);
  try {
    const given = new Map<string, Value>([
      ['number', name],
      ['value-name', '.id'],
    ]);
    const { result } = await runner.run({ place, name: 'get', given });
    return result.kind === 'value' ? result.value : null;
  } catch (error) {
    if (isMissing(error)) throw !place.has(name) ? new RestError(404) : notAllowed(place);
    throw error;
  }
}

async function propertiesOf(place: MenuPlace, id: Value, runner: Runner): Promise<(readonly [string, string])[]> {
  const { result } = await found(runner.run({ place, name: 'get', given: new Map([['number', id]]) }));
  return result.kind === 'value' && result.value !== null && typeof result.value === 'object' && result.value.type === 'array'
    ? fieldsOf(result.value)
    : [];
}

/** What was changed, as it is now; its id alone for who may not read. */
async function changed(place: MenuPlace, id: Value | undefined, runner: Runner): Promise<string> {
  if (id === undefined) return '{}';
  try {
    return objectText(await propertiesOf(place, id, runner));
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    return objectText([['.id', returnedText(id)]]);
  }
}

/** The path has named what is missing: more need not be said. */
async function found<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw isMissing(error) ? new RestError(404) : error;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof CommandError && error.code === 'no-such-item';
}

/** The methods that the place of a request has, by the commands of its menu. */
function notAllowed(place: MenuPlace): RestError {
  const { item } = place;
  if (item !== undefined && place.has(item)) return new RestError(405, '', ['POST']);
  const ofMenu = { print: 'GET', add: 'PUT' };
  const ofItem = { get: 'GET', set: 'PATCH', remove: 'DELETE' };
  const methods = Object.entries(item === undefined ? ofMenu : ofItem).flatMap(([name, verb]) => (!place.has(name) ? [] : [verb]));
  return new RestError(405, '', methods);
}
