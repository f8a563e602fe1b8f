/**
 * Cancellation of long work: the core's own type, because AbortSignal is not to be had on every host.
 * A `Cancel` is read by the work; a `CancelSource` is held by whoever may stop it.
 */
export interface Cancel {
  readonly cancelled: boolean;
  /** Calls `listener` once, when cancelled (at once if it already is). The returned function takes the listener away. */
  onCancel(listener: () => void): () => void;
  /** Throws `Cancelled` if cancelled. */
  check(): void;
}

/** Thrown by work that was cancelled. Nothing of that work may have taken effect. */
export class Cancelled extends Error {
  readonly code = 'cancelled';

  constructor() {
    super('interrupted');
    this.name = 'Cancelled';
  }
}

/** One cancellation: `cancel()` may be called any number of times, the first call counts. */
export class CancelSource implements Cancel {
  #cancelled = false;
  readonly #listeners = new Set<() => void>();

  get cancelled(): boolean {
    return this.#cancelled;
  }

  cancel(): void {
    if (this.#cancelled) return;
    this.#cancelled = true;
    const listeners = [...this.#listeners];
    this.#listeners.clear();
    for (const listener of listeners) listener();
  }

  onCancel(listener: () => void): () => void {
    if (this.#cancelled) {
      listener();
      return () => undefined;
    }
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  check(): void {
    if (this.#cancelled) throw new Cancelled();
  }
}

/** For work that nobody can cancel. */
export const neverCancelled: Cancel = {
  cancelled: false,
  onCancel: () => () => undefined,
  check: () => undefined,
};
