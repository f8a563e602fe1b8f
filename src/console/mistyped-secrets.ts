import type { Declaration, DirectoryDeclaration } from '../menu/command.ts';

/** What the names of sensitive arguments have in them, as far as a slip of the finger leaves it. */
const looksSensitive = /pas|phr|word|secret|chal|cont/i;

/**
 * A text that could not be read, up to the first value that may be a secret: that of a name which looks like a sensitive argument's, or
 * abbreviates one. What follows is not kept either: where that value ends, nobody knows.
 */
export function withoutMistypedSecrets(text: string, tree: DirectoryDeclaration): string {
  const sensitive = [...sensitiveArguments(tree)];
  for (const { 0: written, 1: name = '', index } of text.matchAll(/([\w-]+)[ \t]*=/g)) {
    const abbreviates = sensitive.some((each) => each.startsWith(name.toLowerCase()));
    if (abbreviates || looksSensitive.test(name)) return text.slice(0, index + written.length);
  }
  return text;
}

function* sensitiveArguments(declared: Declaration): Generator<string> {
  if (declared.kind === 'directory') for (const child of Object.values(declared.children)) yield* sensitiveArguments(child);
  else for (const [name, { sensitive }] of Object.entries(declared.args)) if (sensitive === true) yield name;
}
