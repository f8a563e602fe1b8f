import type { Job } from '../job/job.ts';
import type { Policy } from '../users/policies.ts';

import type { ArgumentType } from './argument.ts';
import type { Listing } from './listing.ts';
import type { Value } from './value.ts';

export type { Policy };

/** Who runs a command, and what the front end can do for it. */
export interface Caller {
  /** Name of the `/user`. */
  readonly user: string;
  readonly policies: ReadonlySet<Policy>;
  /** The item that number `n` of the last print of the menu `path` means; absent where numbers are not valid (scripts, REST). */
  itemNumber?(path: string, n: number): number | undefined;
  /** Asks the person for a line; absent where nobody can be asked. `hidden` answers are not shown. Rejects with `Cancelled` at Ctrl-C. */
  ask?(question: string, how: { readonly hidden: boolean }): Promise<string>;
}

/** One run of a command: a job with a caller. */
export interface Call extends Job {
  readonly caller: Caller;
}

export interface ArgumentDeclaration<T = unknown> {
  readonly type: ArgumentType<T>;
  readonly does: string;
  readonly required?: boolean;
  /** May be given as a bare word (`sign CA`); at most one a command, except lists. */
  readonly unnamed?: boolean;
  /** Given as a bare word that means yes (`print detail`); over REST the name with an empty value. */
  readonly presence?: boolean;
  /** A where-expression: not a value, but the predicate that `invoke` gets. With `unnamed` the word `where` may be left out (`find`). */
  readonly where?: boolean;
  /** Never in history, audit log, error or screen. */
  readonly sensitive?: boolean;
  /** A command that is given it changes something: it needs the policy write, and is audited (`print file=`). */
  readonly changes?: boolean;
}

export type Arguments = Readonly<Record<string, ArgumentDeclaration>>;

/** The typed values of declared arguments; what was not given is undefined. */
export type ArgumentValues<A extends Arguments> = {
  readonly [K in keyof A]: A[K] extends ArgumentDeclaration<infer T>
    ? A[K] extends { readonly required: true }
      ? T
      : T | undefined
    : never;
};

/**
 * What a command gives back: nothing; a value (`add` an id, `get` a value, `find` ids) that a script can use; a listing that
 * the front end lays out; or fields that a person reads as a right-aligned block and a script as a map.
 */
export type Result =
  | { readonly kind: 'nothing' }
  | {
      readonly kind: 'value';
      readonly value: Value /** Shown when the command stands alone on a console line? */;
      readonly shown?: boolean;
    }
  | { readonly kind: 'listing'; readonly listing: Listing }
  | { readonly kind: 'fields'; readonly fields: readonly (readonly [name: string, value: Value])[] };

export const nothing: Result = { kind: 'nothing' };

export interface CommandDeclaration {
  readonly kind: 'command';
  readonly does: string;
  readonly needs: readonly Policy[];
  readonly args: Arguments;
  /** Changes something: it is put in the audit log. */
  readonly changes?: boolean;
  run(values: Readonly<Record<string, unknown>>, call: Call): Promise<Result> | Result;
}

export interface DirectoryDeclaration {
  readonly kind: 'directory';
  readonly does: string;
  readonly children: Readonly<Record<string, Declaration>>;
}

export type Declaration = DirectoryDeclaration | CommandDeclaration;

/** Declares a command; `run` gets its arguments typed by their declarations. */
export function command<const A extends Arguments>(declared: {
  readonly does: string;
  readonly needs: readonly Policy[];
  readonly args: A;
  readonly changes?: boolean;
  readonly run: (values: ArgumentValues<A>, call: Call) => Promise<Result> | Result;
}): CommandDeclaration {
  // The tree fills `values` by the same declarations that typed them: the one place where that knowledge crosses an index signature.
  const { run, ...rest } = declared;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return { kind: 'command', ...rest, run: (values, call) => run(values as ArgumentValues<A>, call) };
}

export function directory(does: string, children: Readonly<Record<string, Declaration>>): DirectoryDeclaration {
  return { kind: 'directory', does, children };
}
