import { formatValue, type Value } from '../../menu/value.ts';
import type { Ere } from './ere.ts';
import { appended, apply, element, type Fail, isArray, isTrue, numberOf, type Operand } from './operators.ts';
import type { Scope } from './scope.ts';
import { boundedArray, boundedText } from './size-limits.ts';
import type { ArrayConstruction, BinaryOperator, Block, Expression, OperatorChain, UnaryOperation } from './syntax.ts';

/** A value at once, or later if commands must run for it. A where-expression without `[ … ]` never waits. */
export type Eventually<T> = T | Promise<T>;

/** What an expression needs of the one who runs the program. */
export interface Evaluator {
  /** Runs the commands of `[ … ]`. */
  substitute(body: Block, scope: Scope): Promise<Value>;
  /** The matcher of a pattern, or the error of a bad one. */
  matcher(pattern: string, at: number): Ere;
  /** @param at where; the statement that runs if left out */
  fail(what: string, at?: number): never;
}

export function evaluate(expression: Expression, scope: Scope, by: Evaluator): Eventually<Value> {
  switch (expression.kind) {
    case 'literal':
      return expression.value;
    case 'variable':
      return scope.get(expression.name);
    case 'property':
      return scope.property(expression.name);
    case 'text':
      return after(evaluateAll(expression.parts, scope, by), (values) => {
        let text = '';
        for (const each of values) text = boundedText(text + formatValue(each), (what) => by.fail(what));
        return text;
      });
    case 'array':
      return construct(expression, scope, by);
    case 'substitution':
      return by.substitute(expression.body, scope);
    case 'element':
      return after(evaluateAll([expression.of, ...expression.keys], scope, by), ([of = null, ...keys]) => keys.reduce(element, of));
    case 'unary':
      return after(evaluate(expression.operand, scope, by), (value) => applyUnary(expression, value, by));
    default:
      return evaluateChain(expression, scope, by);
  }
}

/** `then` with the value, now if it is there. */
export function after<A, B>(value: Eventually<A>, then: (value: A) => Eventually<B>): Eventually<B> {
  return value instanceof Promise ? value.then(then) : then(value);
}

function evaluateAll(expressions: readonly Expression[], scope: Scope, by: Evaluator): Eventually<readonly Value[]> {
  const values: Value[] = [];
  for (const [place, expression] of expressions.entries()) {
    const value = evaluate(expression, scope, by);
    if (value instanceof Promise) return evaluateRest(values, value, expressions.slice(place + 1), scope, by);
    values.push(value);
  }
  return values;
}

async function evaluateRest(
  values: Value[],
  first: Promise<Value>,
  rest: readonly Expression[],
  scope: Scope,
  by: Evaluator,
): Promise<readonly Value[]> {
  values.push(await first);
  for (const expression of rest) values.push(await evaluate(expression, scope, by));
  return values;
}

function construct({ elements }: ArrayConstruction, scope: Scope, by: Evaluator): Eventually<Value> {
  const values = evaluateAll(
    elements.map((each) => each.value),
    scope,
    by,
  );
  const keys = evaluateAll(
    elements.flatMap((each) => each.key ?? []),
    scope,
    by,
  );
  return after(values, (values) =>
    after(keys, (keys): Value => {
      let keyed = 0;
      return boundedArray(
        elements.map(({ key }, i) => ({
          ...(key === undefined ? {} : { key: formatValue(keys[keyed++] ?? null) }),
          value: values[i] ?? null,
        })),
        (what) => by.fail(what),
      );
    }),
  );
}

function applyUnary({ operators, at }: UnaryOperation, operand: Value, by: Evaluator): Value {
  const fail: Fail = (what) => by.fail(what, at);
  return operators.reduceRight<Value>((value, operator) => {
    if (operator === '!') return !isTrue(value);
    return operator === '-' ? apply('-', { value: 0 }, { value }, fail) : apply('-', { value: -1 }, { value: numberOf(value, fail) }, fail);
  }, operand);
}

function evaluateChain(chain: OperatorChain, scope: Scope, by: Evaluator): Eventually<Value> {
  const [first] = chain.rest;
  if (first?.operator === 'and' || first?.operator === 'or') return evaluateConditions(chain, first.operator === 'or', scope, by);
  const expressions = [chain.first, ...chain.rest.map((each) => each.operand)];
  return after(evaluateAll(expressions, scope, by), (values) => {
    if (first?.operator === ',') return appended(values, (what) => by.fail(what, first.at));
    let left = operandOf(chain.first, values[0] ?? null, scope);
    for (const [place, { operator, at, operand }] of chain.rest.entries()) {
      left = { value: applyBinary(operator, left, operandOf(operand, values[place + 1] ?? null, scope), at, by) };
    }
    return left.value;
  });
}

/** `and` ends at the first that is false, `or` at the first that is true. */
function evaluateConditions(chain: OperatorChain, until: boolean, scope: Scope, by: Evaluator): Eventually<boolean> {
  const conditions = [chain.first, ...chain.rest.map((each) => each.operand)];
  for (const [place, condition] of conditions.entries()) {
    const verdict = evaluate(condition, scope, by);
    if (verdict instanceof Promise) return evaluateLaterConditions(verdict, conditions.slice(place + 1), until, scope, by);
    if (isTrue(verdict) === until) return until;
  }
  return !until;
}

async function evaluateLaterConditions(
  first: Promise<Value>,
  conditions: readonly Expression[],
  until: boolean,
  scope: Scope,
  by: Evaluator,
): Promise<boolean> {
  if (isTrue(await first) === until) return until;
  for (const condition of conditions) if (isTrue(await evaluate(condition, scope, by)) === until) return until;
  return !until;
}

function operandOf(expression: Expression, value: Value, scope: Scope): Operand {
  if (expression.kind === 'property') return { value, flag: scope.flag(expression.name) };
  return expression.kind === 'literal' ? { value, word: expression.word } : { value };
}

function applyBinary(operator: BinaryOperator, left: Operand, right: Operand, at: number, by: Evaluator): Value {
  if (operator !== '~') return apply(operator, left, right, (what) => by.fail(what, at));
  const matcher = by.matcher(right.word ?? formatValue(right.value), at);
  const texts = isArray(left.value) ? left.value.elements.map((each) => formatValue(each.value)) : [formatValue(left.value)];
  return texts.some((text) => matcher.matches(text));
}
