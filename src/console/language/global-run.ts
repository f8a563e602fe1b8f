import type { Call } from '../../menu/command.ts';
import { type ArrayElement, formatValue, type Value } from '../../menu/value.ts';
import type { Clock } from '../../platform/clock.ts';
import { functions } from './conversions.ts';
import { ScriptError, type ScriptErrorCode } from './errors.ts';
import { formatLiteral } from './literal.ts';
import { isArray, isTime, isTrue, numberOf, withElement } from './operators.ts';
import type { Scope } from './scope.ts';
import type { Block, Expression, GlobalStatement } from './syntax.ts';

/** The running program, as the commands of the language see it. */
export interface Runner {
  readonly call: Call;
  readonly clock: Clock;
  /** The global variables. */
  readonly variables: ReadonlyMap<string, Value>;
  evaluate(expression: Expression, scope: Scope): Value | Promise<Value>;
  /** Runs a block in a scope that is its own. */
  block(body: Block, scope: Scope): Promise<void>;
  /** Counts a round of a loop. */
  step(): Promise<void>;
  /** Throws where a variable should keep nothing more. */
  requireMemory(): void;
  put(text: string): Promise<void> | void;
  fail(what: string, at: number): never;
  thrown(code: ScriptErrorCode, what: string): ScriptError;
  translated(error: unknown): unknown;
  unsupported(what: string, at: number): ScriptError;
}

/** Errors that no script can catch: they are the user's or the router's word. */
const uncaught: ReadonlySet<ScriptErrorCode> = new Set<ScriptErrorCode>(['interrupted', 'limit']);

const longestDelay = 2_147_483_647;

/** Runs one command of the language, such as `:foreach`. */
export class GlobalRun {
  readonly #runner: Runner;
  readonly #statement: GlobalStatement;
  readonly #scope: Scope;

  constructor(runner: Runner, statement: GlobalStatement, scope: Scope) {
    this.#runner = runner;
    this.#statement = statement;
    this.#scope = scope;
  }

  async run(): Promise<Value> {
    const { name, command } = this.#statement;
    if (command.parameters === undefined) throw this.#runner.unsupported(`:${name}`, this.#statement.at);
    this.#requireParameters();
    const compute = Object.hasOwn(functions, name) ? functions[name] : undefined;
    if (compute !== undefined) return this.#compute(name, compute);
    await this.#perform(name);
    return null;
  }

  #requireParameters(): void {
    const { command, values, blocks } = this.#statement;
    const missing = (command.parameters ?? []).filter((each) => each.required === true && !values.has(each.name) && !blocks.has(each.name));
    if (missing.length === 0) return;
    const names = missing.map((each) => each.name).join(' ');
    throw this.#runner.thrown('missing-value', `missing value(s) of argument(s) ${names}`);
  }

  async #compute(name: string, compute: NonNullable<(typeof functions)[string]>): Promise<Value> {
    const values = new Map<string, Value>();
    for (const [parameter, expression] of this.#statement.values) values.set(parameter, await this.#evaluate(expression));
    // A variable or an element that is not there has no value at all, which is not the value nil.
    const argument = this.#statement.values.get('value')?.kind;
    if (name === 'typeof' && values.get('value') === null && (argument === 'variable' || argument === 'element')) return 'nothing';
    return compute(values, (what) => this.#fail(what));
  }

  async #perform(name: string): Promise<void> {
    switch (name) {
      case 'put':
        await this.#runner.put(formatValue(await this.#value('message')));
        return;
      case 'local':
      case 'global':
      case 'set':
        return this.#assign(name);
      case 'if':
        return this.#if();
      case 'for':
        return this.#for();
      case 'foreach':
        return this.#foreach();
      case 'while':
        while (isTrue(await this.#value('condition'))) await this.#round('do', this.#scope);
        return;
      case 'do':
        return this.#do();
      case 'onerror':
        return this.#onError();
      case 'retry':
        return this.#retry();
      case 'error':
        throw this.#runner.thrown('thrown', formatValue(await this.#value('message')));
      case 'delay':
        return this.#delay('delay-time');
      case 'environment':
        for (const [variable, value] of this.#runner.variables) await this.#runner.put(`${variable}=${formatLiteral(value)}`);
        return;
      default:
        throw this.#runner.unsupported(`:${name}`, this.#statement.at);
    }
  }

  async #assign(kind: 'local' | 'global' | 'set'): Promise<void> {
    if (this.#statement.blocks.has('do')) throw this.#runner.unsupported('functions', this.#statement.at);
    const [variable = ''] = this.#statement.names;
    const expression = this.#statement.values.get('value');
    const value = expression === undefined ? undefined : await this.#evaluate(expression);
    if (value !== undefined && value !== null) this.#runner.requireMemory();
    if (this.#statement.values.has('element')) await this.#assignElement(variable, value);
    else if (kind === 'set') this.#scope.set(variable, value ?? null);
    else if (kind === 'global') this.#scope.declareGlobal(variable, value);
    else this.#scope.declareLocal(variable, value ?? null);
  }

  async #assignElement(variable: string, value: Value | undefined): Promise<void> {
    const keys = await this.#value('element');
    const path = isArray(keys) ? keys.elements.map((each) => each.value) : [];
    this.#scope.set(
      variable,
      withElement(this.#scope.get(variable), path, value, (what) => this.#fail(what)),
    );
  }

  async #if(): Promise<void> {
    await this.#block(isTrue(await this.#value('condition')) ? 'do' : 'else', this.#scope);
  }

  async #for(): Promise<void> {
    const from = await this.#number('from');
    const to = await this.#number('to');
    const step = this.#statement.values.has('step') ? await this.#number('step') : from <= to ? 1 : -1;
    if (step === 0) this.#fail("step can't be 0");
    for (let count = from; step > 0 ? count <= to : count >= to; count += step) await this.#round('do', this.#with([count]));
  }

  /** With two variables the first is the key, or the place of an element without one. */
  async #foreach(): Promise<void> {
    const value = await this.#value('in');
    const elements: readonly ArrayElement[] = isArray(value) ? value.elements : value === null ? [] : [{ value }];
    const keyed = this.#statement.names.length > 1;
    for (const [place, each] of elements.entries()) {
      await this.#round('do', this.#with(keyed ? [each.key ?? place, each.value] : [each.value]));
    }
  }

  async #do(): Promise<void> {
    for (;;) {
      const failed = await this.#attempt('command');
      if (failed !== undefined) {
        if (!this.#statement.blocks.has('on-error')) throw failed;
        return this.#block('on-error', this.#scope);
      }
      if (!isTrue(await this.#value('while'))) return;
      await this.#runner.step();
    }
  }

  async #onError(): Promise<void> {
    const failed = await this.#attempt('in');
    if (failed !== undefined) await this.#block('do', this.#with([failed.message]));
  }

  async #retry(): Promise<void> {
    const most = await this.#number('max');
    for (let count = 1; ; count++) {
      const failed = await this.#attempt('command');
      if (failed === undefined) return;
      if (count >= most) {
        if (!this.#statement.blocks.has('on-error')) throw failed;
        return this.#block('on-error', this.#scope);
      }
      await this.#delay('delay');
      await this.#runner.step();
    }
  }

  /** Runs a block; the error that a script may catch, or undefined if there was none. */
  async #attempt(block: string): Promise<ScriptError | undefined> {
    try {
      await this.#block(block, this.#scope);
      return undefined;
    } catch (error) {
      if (error instanceof ScriptError && !uncaught.has(error.code)) return error;
      throw error;
    }
  }

  async #delay(parameter: string): Promise<void> {
    const value = this.#statement.values.has(parameter) ? await this.#value(parameter) : 1;
    const milliseconds = isTime(value) ? value.milliseconds : numberOf(value, (what) => this.#fail(what)) * 1000;
    try {
      await this.#runner.clock.sleep(Math.min(Math.max(milliseconds, 0), longestDelay), this.#runner.call.cancel);
    } catch (error) {
      throw this.#runner.translated(error);
    }
  }

  async #round(block: string, scope: Scope): Promise<void> {
    await this.#runner.step();
    await this.#block(block, scope);
  }

  async #block(name: string, scope: Scope): Promise<void> {
    const body = this.#statement.blocks.get(name);
    if (body !== undefined) await this.#runner.block(body, scope);
  }

  /** A scope in which the statement's variables have these values. */
  #with(values: readonly Value[]): Scope {
    const scope = this.#scope.block();
    for (const [place, variable] of this.#statement.names.entries()) scope.declareLocal(variable, values[place] ?? null);
    return scope;
  }

  async #value(parameter: string): Promise<Value> {
    const expression = this.#statement.values.get(parameter);
    return expression === undefined ? null : this.#evaluate(expression);
  }

  async #number(parameter: string): Promise<number> {
    return numberOf(await this.#value(parameter), (what) => this.#fail(what));
  }

  async #evaluate(expression: Expression): Promise<Value> {
    return this.#runner.evaluate(expression, this.#scope);
  }

  #fail(what: string): never {
    return this.#runner.fail(what, this.#statement.at);
  }
}
