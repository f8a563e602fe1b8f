import { describe, expect, it } from 'vitest';
import { Budget, BudgetError } from '../../src/bytes/budget.ts';

describe('a budget', () => {
  it('is one for all who have a share of it', () => {
    const budget = new Budget(10);
    const [one, other] = [budget.share(), budget.share()];
    one.take(6);
    expect(() => other.take(5)).toThrow(BudgetError);
    other.take(4);
    one.giveBack(1);
    other.take(1);
    expect(() => one.take(1)).toThrow(/^too much is kept for all who use this router at once/);
  });

  it('gets back all that a share took when it ends, and nothing after that', () => {
    const budget = new Budget(10);
    const one = budget.share();
    const holding = one.holding();
    holding.resize(7);
    one.take(3);
    one.end();
    one.end();
    holding.resize(0);
    expect(() => one.take(1)).toThrow(BudgetError);
    budget.share().take(10);
    expect(() => budget.share().take(1)).toThrow(BudgetError);
  });

  it('within another takes of both, or of none', () => {
    const whole = new Budget(10);
    const part = new Budget(7, whole).share();
    const rest = whole.share();
    expect(() => part.take(8)).toThrow(BudgetError);
    rest.take(5);
    expect(() => part.take(6)).toThrow(BudgetError);
    part.take(5);
    expect(() => rest.take(1)).toThrow(BudgetError);
    part.end();
    rest.take(5);
  });
});

describe('a holding', () => {
  it('is as long as it is now, and as before where there is no room', () => {
    const share = new Budget(10).share();
    const [one, other] = [share.holding(), share.holding()];
    one.resize(8);
    expect(() => other.resize(3)).toThrow(BudgetError);
    expect(() => one.resize(11)).toThrow(BudgetError);
    one.resize(5);
    other.resize(5);
    expect(() => one.resize(6)).toThrow(BudgetError);
  });
});
