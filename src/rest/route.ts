import type { CommandDeclaration, DirectoryDeclaration } from '../menu/command.ts';
import { noSuchCommand } from './errors.ts';

/** A menu of the command tree, and what follows it in the path of a request. */
export class MenuPlace {
  readonly menu: DirectoryDeclaration;
  /** "/certificate"; nothing for the root. */
  readonly path: string;
  /** An item or a command, if anything. */
  readonly rest: readonly string[];

  constructor(menu: DirectoryDeclaration, path: string, rest: readonly string[]) {
    this.menu = menu;
    this.path = path;
    this.rest = rest;
  }

  /** Undefined if the menu has none of this name. */
  commandNamed(name: string): CommandDeclaration | undefined {
    const declared = Object.hasOwn(this.menu.children, name) ? this.menu.children[name] : undefined;
    return declared?.kind === 'command' ? declared : undefined;
  }

  has(name: string): boolean {
    return this.commandNamed(name) !== undefined;
  }

  /** Throws `RestError` 406 if the menu has none of this name. */
  command(name: string): CommandDeclaration {
    const found = this.commandNamed(name);
    if (found === undefined) throw noSuchCommand(name);
    return found;
  }

  /** Has it items, each with an id? A menu that is one set of values has none. */
  get hasItems(): boolean {
    return this.commandNamed('get')?.args['number'] !== undefined;
  }

  /** The item that the path names; undefined where it ends with the menu. Names of files have slashes. */
  get item(): string | undefined {
    return this.rest.length === 0 ? undefined : this.rest.join('/');
  }
}

/** The last menu on the way that the words of a path are. Names are whole: only people abbreviate. */
export function placeOf(tree: DirectoryDeclaration, words: readonly string[]): MenuPlace {
  let [menu, path] = [tree, ''];
  for (const [depth, word] of words.entries()) {
    const next = Object.hasOwn(menu.children, word) ? menu.children[word] : undefined;
    if (next?.kind !== 'directory') return new MenuPlace(menu, path, words.slice(depth));
    [menu, path] = [next, `${path}/${word}`];
  }
  return new MenuPlace(menu, path, []);
}
