import type { Call, Result } from '../../menu/command.ts';
import { CommandError } from '../../menu/errors.ts';
import { commandError, type Invocation, type Where } from '../../menu/invoke.ts';
import type { Value } from '../../menu/value.ts';
import { Cancelled } from '../../platform/cancel.ts';
import type { Clock } from '../../platform/clock.ts';
import { Ere } from './ere.ts';
import { EreError } from './ere-parser.ts';
import { runError, ScriptError, type ScriptErrorCode, textError } from './errors.ts';
import { after, type Evaluator, evaluate } from './evaluation.ts';
import { GlobalRun, type Runner } from './global-run.ts';
import { isTrue } from './operators.ts';
import type { Program } from './parser.ts';
import { valueOfResult } from './result-value.ts';
import { Scope } from './scope.ts';
import { positionIn } from './source.ts';
import type { Block, CommandStatement, Expression, Statement } from './syntax.ts';

/** What a program can do to the world outside of it. */
export interface Host {
  readonly clock: Clock;
  invoke(invocation: Invocation, call: Call): Promise<Result>;
  /** Is so much memory in use that variables should keep no more? */
  isCrowded(): boolean;
}

/** Where a program shows what it has to say. */
export interface Output {
  /** A line of `:put`. */
  put(text: string): Promise<void> | void;
  /** The result of a command that stands alone. */
  show(result: Result, invocation: Invocation): Promise<void> | void;
  /** A menu was named by itself: "/certificate/crl". */
  navigate(path: string): void;
}

export interface Limits {
  /** Statements and rounds of loops of one program. */
  readonly steps: number;
}

export const usualLimits: Limits = { steps: 10_000_000 };

/** After so many steps the host is given the time to notice Ctrl-C. */
const stepsBetweenPauses = 1_000;
/** Compiled patterns kept: a where-expression needs its one for every item. */
const mostMatchers = 50;

/** Runs programs that share global variables. */
export class Interpreter {
  /** The global variables with their values. */
  readonly variables: Map<string, Value>;
  readonly #host: Host;
  readonly #limits: Limits;

  constructor(host: Host, variables = new Map<string, Value>(), limits = usualLimits) {
    this.#host = host;
    this.variables = variables;
    this.#limits = limits;
  }

  /** Runs a program to its end. Throws `ScriptError` at the first thing that fails. */
  async run(program: Program, call: Call, output: Output): Promise<void> {
    const run = new Run(program, call, output, this.variables, this.#host, this.#limits);
    await run.program(program.body, new Scope(this.variables));
  }
}

/** One run of a program. */
class Run implements Evaluator, Runner {
  readonly call: Call;
  readonly clock: Clock;
  readonly variables: ReadonlyMap<string, Value>;
  readonly #output: Output;
  readonly #host: Host;
  readonly #limits: Limits;
  readonly #source: string;
  readonly #matchers = new Map<string, Ere>();
  #steps = 0;
  /** The statement that runs, for the place in its errors. */
  #current: Statement | undefined;

  constructor(program: Program, call: Call, output: Output, variables: ReadonlyMap<string, Value>, host: Host, limits: Limits) {
    this.#source = program.source;
    this.call = call;
    this.variables = variables;
    this.#output = output;
    this.clock = host.clock;
    this.#host = host;
    this.#limits = limits;
  }

  /** Only a menu named outside of every bracket is where the next line begins. */
  async program(body: Block, scope: Scope): Promise<void> {
    for (const statement of body.statements) {
      await this.#statement(statement, scope, false);
      if (statement.kind === 'navigation') this.#output.navigate(statement.path);
    }
  }

  /** Runs statements for what they do; what they show is shown. */
  async sequence(body: Block, scope: Scope): Promise<void> {
    for (const statement of body.statements) await this.#statement(statement, scope, false);
  }

  put(text: string): Promise<void> | void {
    return this.#output.put(text);
  }

  async block(body: Block, scope: Scope): Promise<void> {
    await this.sequence(body, scope.block());
  }

  async substitute(body: Block, scope: Scope): Promise<Value> {
    const outside = this.#current;
    const inside = scope.block();
    let value: Value = null;
    for (const [place, statement] of body.statements.entries()) {
      value = await this.#statement(statement, inside, place === body.statements.length - 1);
    }
    this.#current = outside;
    return value;
  }

  evaluate(expression: Expression, scope: Scope): Value | Promise<Value> {
    return evaluate(expression, scope, this);
  }

  /** Counts one step, and gives the host time for other things now and then. */
  async step(): Promise<void> {
    if (++this.#steps > this.#limits.steps) throw this.#error('limit', `stopped after ${this.#limits.steps} steps`);
    try {
      if (this.#steps % stepsBetweenPauses === 0) await this.clock.sleep(0, this.call.cancel);
      this.call.cancel.check();
    } catch (error) {
      throw this.translated(error);
    }
  }

  requireMemory(): void {
    if (this.#host.isCrowded()) throw this.#error('limit', 'too little memory is left on this router for another value');
  }

  matcher(pattern: string, at: number): Ere {
    const known = this.#matchers.get(pattern);
    if (known !== undefined) return known;
    try {
      const matcher = new Ere(pattern);
      if (this.#matchers.size >= mostMatchers) this.#matchers.clear();
      this.#matchers.set(pattern, matcher);
      return matcher;
    } catch (error) {
      if (error instanceof EreError) return this.fail(`bad regular expression: ${error.message}`, at);
      throw error;
    }
  }

  fail(what: string, at = this.#current?.at ?? 0): never {
    throw runError('type', what, this.#path, positionIn(this.#source, at));
  }

  /** An error at the statement that runs. */
  thrown(code: ScriptErrorCode, what: string): ScriptError {
    return this.#error(code, what);
  }

  unsupported(what: string, at: number): ScriptError {
    return textError('not-supported', `not supported yet: ${what}`, positionIn(this.#source, at));
  }

  /** What went wrong below, with the place of the statement that runs. */
  translated(error: unknown): unknown {
    if (error instanceof CommandError) return this.#error(error.code, error.message);
    if (error instanceof Cancelled) return this.#error('interrupted', 'interrupted');
    return error;
  }

  #error(code: ScriptErrorCode, what: string): ScriptError {
    return runError(code, what, this.#path, positionIn(this.#source, this.#current?.at ?? 0));
  }

  get #path(): string {
    const statement = this.#current;
    return statement?.kind === 'command' ? statement.path : statement?.kind === 'global' ? `:${statement.name}` : '/';
  }

  /** Runs a statement; where its `value` is wanted nothing is shown that has one. */
  async #statement(statement: Statement, scope: Scope, wanted: boolean): Promise<Value> {
    this.#current = statement;
    await this.step();
    switch (statement.kind) {
      case 'navigation':
        return null;
      case 'block':
        await this.block(statement.body, scope);
        return null;
      case 'call':
        throw this.unsupported('functions', statement.at);
      case 'command':
        return this.#command(statement, scope, wanted);
      default:
        return new GlobalRun(this, statement, scope).run();
    }
  }

  async #command(statement: CommandStatement, scope: Scope, wanted: boolean): Promise<Value> {
    const given = new Map<string, Value>();
    for (const { name, value } of statement.given) given.set(name, await this.evaluate(value, scope));
    this.#current = statement;
    const where = statement.where === undefined ? undefined : this.#where(statement.where, scope);
    const { path, command } = statement;
    const invocation = { path, command, given, ...(where === undefined ? {} : { where: where.matches }) };
    try {
      const result = await this.#host.invoke(invocation, this.call);
      const value = wanted ? this.#valueOf(result) : undefined;
      if (value === undefined) await this.#output.show(result, invocation);
      return value ?? null;
    } catch (error) {
      this.#current = statement;
      throw where?.failure() ?? this.translated(error);
    } finally {
      this.#current = statement;
    }
  }

  #valueOf(result: Result): Value | undefined {
    try {
      return valueOfResult(result, () => this.requireMemory());
    } catch (error) {
      // Items are read only now.
      throw error instanceof ScriptError ? error : commandError(error);
    }
  }

  /** The predicate of a where-expression; its own error is kept, for the command's layers would take it for theirs. */
  #where(expression: Expression, scope: Scope): { readonly matches: Where; readonly failure: () => ScriptError | undefined } {
    let failure: ScriptError | undefined;
    const note = (error: unknown): unknown => {
      if (error instanceof ScriptError) failure ??= error;
      return error;
    };
    return {
      failure: () => failure,
      matches: (item) => {
        try {
          const verdict = after(this.evaluate(expression, scope.about(item)), isTrue);
          return verdict instanceof Promise
            ? verdict.catch((error: unknown) => {
                throw note(error);
              })
            : verdict;
        } catch (error) {
          throw note(error);
        }
      },
    };
  }
}
