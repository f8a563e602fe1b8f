import type { ArgumentDeclaration, Arguments, CommandDeclaration, DirectoryDeclaration } from '../menu/command.ts';
import { MenuPlace } from './route.ts';
import { itemArgument } from './run.ts';

type Schema = Readonly<Record<string, unknown>>;

/**
 * The description of all that can be asked (OpenAPI 3.0), in pieces: of each menu its list and its items, of each command a POST. What a value
 * may be is told as far as the tree knows it without looking anything up.
 */
export async function* openApiText(tree: DirectoryDeclaration, version: string): AsyncGenerator<string> {
  const about = { openapi: '3.0.3', info: { title: 'signet', version, description: 'The command tree of this router' } };
  yield `${JSON.stringify({ ...about, servers: [{ url: '/rest' }], security: [{ basic: [] }], components }).slice(0, -1)},"paths":{`;
  let isFirst = true;
  for (const [path, operations] of pathsOf(new MenuPlace(tree, '', []))) {
    yield `${isFirst ? '' : ','}${JSON.stringify(path)}:${JSON.stringify(operations)}`;
    isFirst = false;
  }
  yield '}}';
}

const components: Schema = {
  securitySchemes: { basic: { type: 'http', scheme: 'basic' } },
  schemas: {
    item: { type: 'object', additionalProperties: { type: 'string' } },
    items: { type: 'array', items: { $ref: '#/components/schemas/item' } },
    result: { oneOf: [{ $ref: '#/components/schemas/items' }, { $ref: '#/components/schemas/item' }] },
    error: {
      type: 'object',
      required: ['error', 'message'],
      properties: { error: { type: 'integer' }, message: { type: 'string' }, detail: { type: 'string' } },
    },
  },
};

function* pathsOf(place: MenuPlace): Generator<readonly [path: string, operations: Schema]> {
  const { menu, path } = place;
  const all = ofMenu(place);
  if (Object.keys(all).length > 0) yield [path, all];
  const one = ofItem(place);
  if (Object.keys(one).length > 0) yield [`${path}/{id}`, { parameters: [id], ...one }];
  for (const [name, child] of Object.entries(menu.children)) {
    if (child.kind === 'directory') yield* pathsOf(new MenuPlace(child, `${path}/${name}`, []));
    else yield [`${path}/${name}`, { post: operation(child, 200, 'result', child.args) }];
  }
}

const id: Schema = {
  name: 'id',
  in: 'path',
  required: true,
  description: 'the .id of the item, or its name',
  schema: { type: 'string', minLength: 1, example: '*1' },
};

function ofMenu(place: MenuPlace): Schema {
  const [print, add] = [place.commandNamed('print'), place.commandNamed('add')];
  const answers = place.hasItems ? 'items' : 'item';
  return {
    ...(print === undefined ? {} : { get: { ...operation(print, 200, answers), parameters: queryOf(print) } }),
    ...(add === undefined ? {} : { put: operation(add, 201, 'item', add.args) }),
  };
}

function ofItem(place: MenuPlace): Schema {
  if (!place.hasItems) return {};
  const [get, set, remove] = [place.commandNamed('get'), place.commandNamed('set'), place.commandNamed('remove')];
  return {
    ...(get === undefined
      ? {}
      : { get: { ...operation(get, 200, 'item'), parameters: [queryParameter('.proplist', 'the properties to give')] } }),
    ...(set === undefined ? {} : { patch: operation(set, 200, 'item', withoutItem(set)) }),
    ...(remove === undefined ? {} : { delete: operation(remove, 204) }),
  };
}

function withoutItem(command: CommandDeclaration): Arguments {
  const item = itemArgument(command);
  return Object.fromEntries(Object.entries(command.args).filter(([name]) => name !== item));
}

function operation(command: CommandDeclaration, status: number, answers?: string, args?: Arguments): Schema {
  const content = (schema: Schema): Schema => ({ 'application/json': { schema } });
  const done = answers === undefined ? {} : { content: content({ $ref: `#/components/schemas/${answers}` }) };
  return {
    summary: command.does,
    description: `needs the policies ${['rest-api', ...command.needs].join(', ')}`,
    ...(args === undefined ? {} : { requestBody: { content: content(bodyOf(args, answers === 'result' && command.changes === true)) } }),
    responses: {
      [status]: { description: 'done', ...done },
      // What is no request of HTTP at all is refused as text, before anybody knows what it is about.
      '4XX': {
        description: 'refused',
        content: { ...content({ $ref: '#/components/schemas/error' }), 'text/plain': { schema: { type: 'string' } } },
      },
    },
  };
}

function queryOf(print: CommandDeclaration): Schema[] {
  const names = print.args['where']?.type.completions?.() ?? [];
  return [
    queryParameter('.proplist', 'the properties to give, with commas'),
    ...names.map((name) => queryParameter(name, 'only what has this value')),
  ];
}

function queryParameter(name: string, description: string): Schema {
  return { name, in: 'query', description, schema: { type: 'string' } };
}

/** What is the console's alone is left out; a command that may take its time has `once` and `duration`. */
function bodyOf(args: Arguments, isWatched: boolean): Schema {
  const own = Object.entries(args).filter(([, declared]) => declared.where !== true && declared.changes !== true);
  const required = own.filter(([, declared]) => declared.required === true).map(([name]) => name);
  const words = { oneOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }] };
  return {
    type: 'object',
    additionalProperties: false,
    ...(required.length === 0 ? {} : { required }),
    properties: Object.fromEntries([
      ...own.map(([name, declared]) => [name, argumentSchema(declared)] as const),
      ...(Object.hasOwn(args, 'proplist') ? [['.proplist', words] as const] : []),
      ...(isWatched ? Object.entries(watching) : []),
      ...(Object.hasOwn(args, 'where') ? [['.query', words] as const] : []),
    ]),
  };
}

const watching: Schema = {
  once: { description: 'only the last of how far it is', type: 'string', enum: [''] },
  duration: { description: 'until when it goes on: time interval', type: 'string', example: '30s' },
};

function argumentSchema({ type, does, presence }: ArgumentDeclaration): Schema {
  const description = presence === true || type.describes === '' ? does : `${does}: ${type.describes}`;
  if (presence === true) return { description, type: 'string', enum: [''] };
  const words = type.completions?.() ?? [];
  const [, least, most] = /^(-?\d+)\.\.(-?\d+) /.exec(type.describes) ?? [];
  if (least !== undefined && most !== undefined) return { description, type: 'integer', minimum: Number(least), maximum: Number(most) };
  if (type.describes === 'yes | no') return { description, oneOf: [{ type: 'boolean' }, { type: 'string', enum: words }] };
  if (type.describes === words.join('|')) return { description, type: 'string', enum: words };
  if (type.describes === `${words.join('|')}[,...]`) return { description, type: 'array', items: { type: 'string', enum: words } };
  return { description, type: 'string' };
}
