import { oneOf, present, text, texts } from '../menu/argument-types.ts';
import {
  type ArgumentDeclaration,
  type CommandDeclaration,
  command,
  type Declaration,
  type DirectoryDeclaration,
  type Result,
} from '../menu/command.ts';
import { CommandError, failure } from '../menu/errors.ts';
import type { Table } from '../menu/listing.ts';
import { listOf, TableReader } from '../menu/table-reader.ts';
import type { ConsoleLanguage } from './console-language.ts';

/** Characters: a line is read anew for each question. */
const longestInput = 8192;

const columns = [
  'completion',
  'highlight',
  'name',
  'node-type',
  'offset',
  'preference',
  'show',
  'style',
  'symbol',
  'symbol-type',
  'text',
  'type',
];

type Row = Readonly<Record<string, string>>;

/** What a path leads to: a menu, a command, or an argument. */
type Node =
  | { readonly kind: 'node'; readonly declared: Declaration }
  | { readonly kind: 'argument'; readonly declared: ArgumentDeclaration };

/** `/console/inspect`: what editors ask a RouterOS about its language. */
export function inspect(tree: DirectoryDeclaration, language: ConsoleLanguage): CommandDeclaration {
  return command({
    does: 'tell what is known of a menu, a command, or a line',
    needs: ['read'],
    args: {
      request: { type: oneOf(['self', 'child', 'completion', 'highlight', 'syntax', 'error']), required: true, does: 'what to tell' },
      path: { type: texts, does: 'words of the way there, with commas: certificate,add' },
      input: { type: text, does: 'the line, up to its end or to where the cursor is' },
      'as-value': { type: present, presence: true, does: 'give an array of maps' },
    },
    run: async ({ request, path: words = [], input = '' }) => {
      if (input.length > longestInput) throw failure(`a line has at most ${longestInput} characters`);
      const names = words.flatMap((word) => word.split('/')).filter((word) => word !== '');
      const node = nodeAt(tree, names);
      const path = `/${names.join('/')}`;
      switch (request) {
        case 'self':
          return rows([selfOf(names.at(-1) ?? '', node)]);
        case 'child':
          return rows(childrenOf(node));
        case 'syntax':
          return rows(await syntaxOf(node, path, input, language));
        case 'completion':
          return rows(await completionsOf(path, input, language));
        case 'highlight':
          return rows([{ type: 'highlight', highlight: stylesOf(path, input, language).join(',') }]);
        default:
          return rows(errorsOf(path, input, language));
      }
    },
  });
}

function nodeAt(tree: DirectoryDeclaration, names: readonly string[]): Node {
  let node: Node = { kind: 'node', declared: tree };
  for (const name of names) {
    const next = childNamed(node, name);
    if (next === undefined) throw new CommandError('bad-command', `no such command or directory (${name})`);
    node = next;
  }
  return node;
}

function childNamed({ kind, declared }: Node, name: string): Node | undefined {
  if (kind === 'argument') return undefined;
  if (declared.kind === 'directory') {
    const child = Object.hasOwn(declared.children, name) ? declared.children[name] : undefined;
    return child === undefined ? undefined : { kind: 'node', declared: child };
  }
  const argument = Object.hasOwn(declared.args, name) ? declared.args[name] : undefined;
  return argument === undefined ? undefined : { kind: 'argument', declared: argument };
}

function childrenOf({ kind, declared }: Node): Row[] {
  if (kind === 'argument') return [];
  if (declared.kind === 'command') return Object.keys(declared.args).map((name) => ({ type: 'child', name, 'node-type': 'arg' }));
  return Object.entries(declared.children).map(([name, child]) => ({ type: 'child', name, 'node-type': nodeType(child) }));
}

/** RouterOS calls a menu that prints something a `dir`, and one that leads to others a `path`. */
function nodeType(declared: Declaration): string {
  if (declared.kind === 'command') return 'cmd';
  return Object.hasOwn(declared.children, 'print') ? 'dir' : 'path';
}

function selfOf(name: string, { kind, declared }: Node): Row {
  return { type: 'self', name, 'node-type': kind === 'argument' ? 'arg' : nodeType(declared) };
}

/** What a thing does and takes; with a line, what stands at its end. */
async function syntaxOf(node: Node, path: string, input: string, language: ConsoleLanguage): Promise<Row[]> {
  const about = (symbol: string, what: string): Row => ({ type: 'syntax', symbol, 'symbol-type': 'explanation', text: what });
  if (input !== '') return (await language.complete(path, input)).map(({ text: word }) => about(word, ''));
  const { kind, declared } = node;
  if (kind === 'argument')
    return [about('', declared.type.describes === '' ? declared.does : `${declared.does}: ${declared.type.describes}`)];
  const parts: readonly (readonly [string, { readonly does: string }])[] =
    declared.kind === 'command' ? Object.entries(declared.args) : Object.entries(declared.children);
  return [about('', declared.does), ...parts.map(([name, { does }]) => about(name, does))];
}

async function completionsOf(path: string, input: string, language: ConsoleLanguage): Promise<Row[]> {
  return (await language.complete(path, input)).map(({ text: completion, style, offset }) => ({
    type: 'completion',
    completion,
    style,
    offset: String(offset),
    preference: '96',
    show: 'true',
  }));
}

/** A style for each character. */
function stylesOf(path: string, input: string, language: ConsoleLanguage): string[] {
  return language.styles(path, input).flatMap(({ text: piece, style }) => Array.from({ length: piece.length }, () => style));
}

function errorsOf(path: string, input: string, language: ConsoleLanguage): Row[] {
  const fault = language.fault(path, input);
  return fault === undefined ? [] : [{ type: 'error', text: fault }];
}

function rows(of: readonly Row[]): Result {
  const numbered = of.map((row, at) => ({ row, at }));
  const table: Table<(typeof numbered)[number]> = {
    path: '/console/inspect',
    properties: columns.map((name) => ({ name, style: 'bare', read: ({ row }) => row[name] })),
    flags: [],
    brief: [],
    id: ({ at }) => at,
    items: () => numbered,
  };
  const reader = new TableReader(table);
  const items = numbered.map(({ row, at }) => ({
    id: at,
    number: at,
    get: (name: string) => row[name],
    flag: () => undefined,
    letters: () => '',
  }));
  return { kind: 'listing', listing: reader.listing({ layout: 'as-value', proplist: columns }, listOf(items)) };
}
