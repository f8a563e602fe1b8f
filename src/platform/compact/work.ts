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
function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** Makes a port's error; the host's codes are the port's (host/). */
type MakeError = (code: never, message: string) => Error;

/** What the work gives; a failure of the host is thrown as the error of the port that `make` makes. */
export function attempt<T>(work: () => T, make: MakeError): T {
  try {
    return work();
  } catch (error) {
    throw translated(error, make);
  }
}

/** The same of work that takes its time. */
export async function attemptLater<T>(work: () => Promise<T>, make: MakeError): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw translated(error, make);
  }
}

/** The port's error for a failure of the host; other errors stay what they are. */
function translated(error: unknown, make: MakeError): unknown {
  const code = codeOf(error);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- only the port knows which codes there are.
  return code === undefined || !(error instanceof Error) || error.name !== 'Error' ? error : make(code as never, error.message);
}
