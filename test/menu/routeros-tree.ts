import { readFileSync } from 'node:fs';
import type { Declaration } from '../../src/menu/command.ts';

/** The paths of a tree: "/certificate/" for a menu, "/certificate/sign" for a command, "/certificate/sign ca" for an argument. */
export function pathsOf(tree: Declaration, at = ''): string[] {
  if (tree.kind === 'command') return [at, ...Object.keys(tree.args).map((name) => `${at} ${name}`)];
  return [`${at}/`, ...Object.entries(tree.children).flatMap(([name, child]) => pathsOf(child, `${at}/${name}`))];
}

interface Node {
  readonly _type?: string;
  readonly [name: string]: Node | string | undefined;
}

/** The paths of RouterOS 7.24, below the menus that are named. The file's origin: tikoci/restraml docs/7.24/inspect.json (public domain). */
export function routerosPaths(menus: readonly string[]): string[] {
  const root = JSON.parse(readFileSync(new URL('routeros-7.24-tree.json', import.meta.url), 'utf8')) as Node;
  return menus.flatMap((menu) => {
    const node = menu
      .split('/')
      .slice(1)
      .reduce<Node | undefined>((at, name) => childOf(at, name), root);
    if (node === undefined) throw new Error(`RouterOS has no ${menu}`);
    return nodePaths(node, menu);
  });
}

function childOf(node: Node | undefined, name: string): Node | undefined {
  const child = node?.[name];
  return typeof child === 'object' ? child : undefined;
}

function nodePaths(node: Node, at: string): string[] {
  const children = Object.keys(node).flatMap((name) => {
    const child = childOf(node, name);
    return child === undefined ? [] : [[name, child] as const];
  });
  if (node._type === 'cmd') return [at, ...children.map(([name]) => `${at} ${name}`)];
  return [`${at}/`, ...children.flatMap(([name, child]) => nodePaths(child, `${at}/${name}`))];
}

/** A pattern of paths: `*` stands for anything, `{a,b}` for either. */
export function matcher(pattern: string): (path: string) => boolean {
  const source = pattern
    .replaceAll(/[.+?^$()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll(/\{([^}]*)\}/g, (_, words: string) => `(${words.split(',').join('|')})`);
  const expression = new RegExp(`^${source}$`);
  return (path) => expression.test(path);
}
