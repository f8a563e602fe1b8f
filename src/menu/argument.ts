import type { Caller } from './command.ts';
import type { Value } from './value.ts';

/** What an argument may hold. */
export interface ArgumentType<T> {
  /** One line for `?` and F1: "string value", "rsa | ec", "1m..1d (time interval)". */
  readonly describes: string;
  /** The typed value of what was given, or throws `CommandError` (`no-match`, `invalid-value`, `no-such-item`) naming `argument`. */
  read(value: Value, argument: string, caller: Caller): T | Promise<T>;
  /** The values that Tab may offer, where they are always the same. */
  completions?(): readonly string[];
  /** The values that Tab may offer, where they have to be looked up. */
  lookUp?(): readonly string[] | Promise<readonly string[]>;
}

/** A type whose values can be told without looking anything up. */
export interface PlainType<T> extends ArgumentType<T> {
  read(value: Value, argument: string, caller: Caller): T;
}
