import type { FlagLook } from '../../menu/listing.ts';
import type { Look } from './look.ts';
import { wrapped } from './wrapped.ts';

/** `Flags: K - PRIVATE-KEY; I - ISSUED, R - REVOKED`, of some of all flags of a menu, with `end` behind the last. */
export function* legend(flags: readonly FlagLook[], all: readonly FlagLook[], end: string, look: Look): Generator<string> {
  if (flags.length === 0) return;
  const pieces = flags.map((flag, place) => {
    const next = flags[place + 1];
    const mark = next === undefined ? end : flag.joined === true && next === all[all.indexOf(flag) + 1] ? ', ' : '; ';
    return { text: `${flag.letter} - ${flag.name.toUpperCase()}${mark}` };
  });
  yield* wrapped('Flags: ', pieces, look.width, 0);
}
