import { type CharacterSet, EreError, type EreNode, parseEre } from './ere-parser.ts';

type Instruction =
  | { readonly kind: 'set'; readonly set: CharacterSet }
  | { readonly kind: 'start' | 'end' | 'match' }
  /** Both ways are open. */
  | { readonly kind: 'split'; readonly ways: number[] }
  | { readonly kind: 'jump'; to: number };

/** A program of the matcher holds at most this many instructions, however it was written. */
const mostInstructions = 4_000;
/** The states that are remembered hold so many instructions together; then they are found anew. */
const mostRemembered = 200_000;

/** Every way the expression may have been matched up to one place of a text. */
interface State {
  /** Instructions that wait for a character or for the end of the text. */
  readonly waiting: readonly number[];
  readonly matched: boolean;
  readonly next: Map<string, State>;
}

/**
 * A compiled POSIX extended regular expression. All ways through it are followed at once (Thompson's construction), so that the
 * time is bounded by the size of the expression times the length of the text, whatever the expression is; sets of ways that
 * were met before are remembered.
 */
export class Ere {
  readonly #program: readonly Instruction[];
  readonly #states = new Map<string, State>();
  #remembered = 0;
  readonly #initial: State;

  /** Throws `EreError`. */
  constructor(pattern: string) {
    this.#program = compile(parseEre(pattern));
    this.#initial = this.#closure([0], { atStart: true, atEnd: false });
  }

  /** Does the expression match some part of `text`? */
  matches(text: string): boolean {
    let state = this.#initial;
    for (const character of text) {
      if (state.matched) return true;
      state = state.next.get(character) ?? this.#step(state, character);
    }
    return state.matched || this.#closure(state.waiting, { atStart: text === '', atEnd: true }).matched;
  }

  #step(state: State, character: string): State {
    const point = character.codePointAt(0) ?? 0;
    const reached = [0];
    for (const at of state.waiting) {
      const instruction = this.#program[at];
      if (instruction?.kind === 'set' && holds(instruction.set, point)) reached.push(at + 1);
    }
    const next = this.#known(this.#closure(reached, { atStart: false, atEnd: false }));
    state.next.set(character, next);
    return next;
  }

  #known(state: State): State {
    this.#remembered += state.waiting.length + 1;
    if (this.#remembered > mostRemembered) {
      this.#states.clear();
      this.#initial.next.clear();
      this.#remembered = 0;
    }
    const key = state.matched ? 'matched' : state.waiting.join();
    const known = this.#states.get(key);
    if (known === undefined) this.#states.set(key, state);
    return known ?? state;
  }

  /** Follows everything that takes no character. */
  #closure(from: readonly number[], where: { readonly atStart: boolean; readonly atEnd: boolean }): State {
    const seen = new Set<number>();
    const left = [...from];
    const waiting: number[] = [];
    let matched = false;
    for (let at = left.pop(); at !== undefined; at = left.pop()) {
      if (seen.has(at)) continue;
      seen.add(at);
      const instruction = this.#program[at];
      if (instruction === undefined) continue;
      if (instruction.kind === 'match') matched = true;
      else if (instruction.kind === 'split') left.push(...instruction.ways);
      else if (instruction.kind === 'jump') left.push(instruction.to);
      else if (instruction.kind === 'set') waiting.push(at);
      else if (instruction.kind === 'start' ? where.atStart : where.atEnd) left.push(at + 1);
      else if (instruction.kind === 'end') waiting.push(at);
    }
    return { waiting: waiting.sort((a, b) => a - b), matched, next: new Map() };
  }
}

function holds({ ranges, negated }: CharacterSet, point: number): boolean {
  for (const [first, last] of ranges) if (point >= first && point <= last) return !negated;
  return negated;
}

function compile(node: EreNode): readonly Instruction[] {
  const program: Instruction[] = [];
  emit(program, node);
  program.push({ kind: 'match' });
  return program;
}

function emit(program: Instruction[], node: EreNode): void {
  if (program.length > mostInstructions) throw new EreError('size', 'regular expression too large');
  switch (node.kind) {
    case 'set':
      program.push(node);
      return;
    case 'start':
    case 'end':
      program.push({ kind: node.kind });
      return;
    case 'sequence':
      for (const part of node.parts) emit(program, part);
      return;
    case 'choice':
      emitChoice(program, node.branches);
      return;
    case 'repeat':
      emitRepeat(program, node.of, node.least, node.most);
  }
}

function emitChoice(program: Instruction[], branches: readonly EreNode[]): void {
  const ways: number[] = [];
  const jumps: { readonly kind: 'jump'; to: number }[] = [];
  program.push({ kind: 'split', ways });
  for (const branch of branches) {
    ways.push(program.length);
    emit(program, branch);
    const jump: { readonly kind: 'jump'; to: number } = { kind: 'jump', to: 0 };
    jumps.push(jump);
    program.push(jump);
  }
  for (const jump of jumps) jump.to = program.length;
}

function emitRepeat(program: Instruction[], of: EreNode, least: number, most: number | undefined): void {
  for (let count = 0; count < least; count++) emitOnce(program, of);
  if (most === undefined) {
    const ways = [program.length + 1];
    const loop = program.length;
    program.push({ kind: 'split', ways });
    emit(program, of);
    program.push({ kind: 'jump', to: loop });
    ways.push(program.length);
    return;
  }
  const exits: number[][] = [];
  for (let count = least; count < most; count++) {
    const ways = [program.length + 1];
    exits.push(ways);
    program.push({ kind: 'split', ways });
    emitOnce(program, of);
  }
  for (const ways of exits) ways.push(program.length);
}

/** What is repeated may be empty: that it takes an instruction keeps `(){255}{255}` within the limit, too. */
function emitOnce(program: Instruction[], of: EreNode): void {
  program.push({ kind: 'jump', to: program.length + 1 });
  emit(program, of);
}
