import type { CommandDeclaration, Declaration, DirectoryDeclaration } from '../../menu/command.ts';

/** A directory of the command tree with the way to it. */
export class Menu {
  readonly directory: DirectoryDeclaration;
  readonly name: string;
  readonly parent: Menu | undefined;

  constructor(directory: DirectoryDeclaration, name = '', parent?: Menu) {
    this.directory = directory;
    this.name = name;
    this.parent = parent;
  }

  /** "/certificate/crl"; "/" for the root. */
  get path(): string {
    return this.parent === undefined ? '/' : `${this.parent.prefix}${this.name}`;
  }

  /** What stands before the name of a command of this menu in its path. */
  get prefix(): string {
    return this.parent === undefined ? '/' : `${this.path}/`;
  }

  get root(): Menu {
    return this.parent === undefined ? this : this.parent.root;
  }

  /** The menu or command that a word means here: its whole name, or a beginning that only one has. */
  resolve(word: string): { readonly name: string; readonly declaration: Declaration } | undefined {
    const name = abbreviated(Object.keys(this.directory.children), word);
    const declaration = name === undefined ? undefined : this.directory.children[name];
    return name === undefined || declaration === undefined ? undefined : { name, declaration };
  }

  child(name: string): Menu | undefined {
    const declaration = Object.hasOwn(this.directory.children, name) ? this.directory.children[name] : undefined;
    return declaration?.kind === 'directory' ? new Menu(declaration, name, this) : undefined;
  }

  command(name: string): CommandDeclaration | undefined {
    const declaration = Object.hasOwn(this.directory.children, name) ? this.directory.children[name] : undefined;
    return declaration?.kind === 'command' ? declaration : undefined;
  }
}

/** The menu of a full path ("/certificate/crl"), or undefined. */
export function menuAt(tree: DirectoryDeclaration, path: string): Menu | undefined {
  let menu: Menu | undefined = new Menu(tree);
  for (const name of path.split('/')) if (name !== '') menu = menu?.child(name);
  return menu;
}

/** The one name that `word` is or that alone begins with it. */
export function abbreviated(names: readonly string[], word: string): string | undefined {
  if (names.includes(word)) return word;
  const beginning = word === '' ? [] : names.filter((name) => name.startsWith(word));
  return beginning.length === 1 ? beginning[0] : undefined;
}
