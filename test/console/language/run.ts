import { ScriptError } from '../../../src/console/language/errors.ts';
import { Interpreter, type Limits } from '../../../src/console/language/interpreter.ts';
import { parse } from '../../../src/console/language/parser.ts';
import type { Caller } from '../../../src/menu/command.ts';
import { invoke } from '../../../src/menu/invoke.ts';
import type { Value } from '../../../src/menu/value.ts';
import type { Clock } from '../../../src/platform/clock.ts';
import { atConsole, callBy } from '../../menu/people.ts';
import { tree } from './router.ts';

/** A console on the test tree that remembers what it showed. */
export class TestConsole {
  readonly shown: string[] = [];
  readonly slept: number[] = [];
  readonly variables = new Map<string, Value>();
  path = '/';
  crowded = false;
  readonly #interpreter: Interpreter;

  constructor(limits?: Limits) {
    const clock: Clock = {
      now: () => 0,
      monotonic: () => 0,
      offsetAt: () => 0,
      zone: () => 'UTC',
      set: () => undefined,
      sleep: async (milliseconds) => void this.slept.push(milliseconds),
    };
    this.#interpreter = new Interpreter(
      { clock, invoke: (invocation, call) => invoke(invocation, call, () => undefined), isCrowded: () => this.crowded },
      this.variables,
      limits,
    );
  }

  async run(source: string, caller: Caller = atConsole, call = callBy(caller)): Promise<void> {
    await this.#interpreter.run(parse(source, { tree, path: this.path, variables: this.variables.keys() }), call, {
      put: (text) => void this.shown.push(text),
      show: (result) => {
        if (result.kind === 'listing')
          this.shown.push(`${result.listing.path}: ${[...result.listing.items].map((each) => each.number).join(' ')}`);
      },
      navigate: (path) => {
        this.path = path;
      },
    });
  }
}

/** What a program puts and prints. */
export async function output(source: string): Promise<readonly string[]> {
  const console = new TestConsole();
  await console.run(source);
  return console.shown;
}

/** What an expression is. */
export async function evaluated(expression: string): Promise<string> {
  const [value = '', type = ''] = await output(`:local v ${expression}; :put $v; :put [:typeof $v]`);
  return type === 'str' ? `"${value}"` : type === 'nothing' ? 'nil' : value;
}

/** The error of a program that must fail. */
export async function errorOf(source: string, limits?: Limits): Promise<ScriptError> {
  try {
    await new TestConsole(limits).run(source);
  } catch (error) {
    if (error instanceof ScriptError) return error;
    throw error;
  }
  throw new Error(`no error in ${source}`);
}
