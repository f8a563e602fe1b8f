/** What would be kept has no room beside what is kept for others. */
export class BudgetError extends Error {
  readonly code = 'no-room';

  constructor() {
    super('too much is kept for all who use this router at once: leave other consoles, close files, and try again');
    this.name = 'BudgetError';
  }
}

/** Bytes that may be kept for many together. */
export class Budget {
  #left: number;
  readonly #within: Budget | undefined;

  /** @param within the budget that this is a part of */
  constructor(bytes: number, within?: Budget) {
    this.#left = bytes;
    this.#within = within;
  }

  /** False, and nothing is taken, where so many are not left. */
  take(bytes: number): boolean {
    if (bytes > this.#left || this.#within?.take(bytes) === false) return false;
    this.#left -= bytes;
    return true;
  }

  giveBack(bytes: number): void {
    this.#left += bytes;
    this.#within?.giveBack(bytes);
  }

  share(): Share {
    return new Share(this);
  }
}

/** What one of them has of a budget: what it took comes back when it ends, whatever was forgotten. */
export class Share {
  readonly #budget: Budget;
  #taken = 0;
  #ended = false;

  constructor(budget: Budget) {
    this.#budget = budget;
  }

  /** Throws `BudgetError`, and nothing is taken. */
  take(bytes: number): void {
    if (this.#ended || !this.#budget.take(bytes)) throw new BudgetError();
    this.#taken += bytes;
  }

  giveBack(bytes: number): void {
    if (this.#ended) return;
    this.#taken -= bytes;
    this.#budget.giveBack(bytes);
  }

  /** Room for one thing, as long as it is at any time. */
  holding(): Holding {
    return new Holding(this);
  }

  end(): void {
    this.giveBack(this.#taken);
    this.#ended = true;
  }
}

/** One thing that is kept, which gets longer and shorter. */
export class Holding {
  readonly #share: Share;
  #bytes = 0;

  constructor(share: Share) {
    this.#share = share;
  }

  /** Takes or gives back the difference. Throws `BudgetError`, and it is held as before. */
  resize(bytes: number): void {
    if (bytes > this.#bytes) this.#share.take(bytes - this.#bytes);
    else this.#share.giveBack(this.#bytes - bytes);
    this.#bytes = bytes;
  }
}

/** For what is counted by nobody. */
export function unlimited(): Share {
  return new Budget(Infinity).share();
}
