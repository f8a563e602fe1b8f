import { type Cancel, Cancelled } from '../cancel.ts';

/** Work that the host does beside the program. `outcome` rejects with the code "cancelled" after `cancel`. */
export interface Work<T> {
  readonly outcome: Promise<T>;
  cancel(): void;
}

/** What the work comes to; rejects with `Cancelled` when `cancel` fired first. */
export async function outcomeOf<T>(start: () => Work<T>, cancel: Cancel): Promise<T> {
  cancel.check();
  const work = start();
  const forget = cancel.onCancel(() => work.cancel());
  try {
    return await work.outcome;
  } catch (error) {
    throw codeOf(error) === 'cancelled' ? new Cancelled() : error;
  } finally {
    forget();
  }
}

/** The code of a failure of the host; undefined for another error. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** Makes the port's error of the host's failure; other errors stay what they are. */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- it names the codes that `make` takes.
export function translated<Code extends string>(error: unknown, make: (code: Code, message: string) => Error): unknown {
  const code = codeOf(error);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the host's codes are the port's (host/).
  return code === undefined || !(error instanceof Error) || error.name !== 'Error' ? error : make(code as Code, error.message);
}
