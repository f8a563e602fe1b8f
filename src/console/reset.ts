import type { StoreFolder } from '../platform/store-folder.ts';

/** The reset of a router: what the command calls, and what the program waits for. */
export interface Reset {
  /** Has the store erased when it is opened again. Throws `FileError`. */
  ask(): Promise<void>;
  /** Resolves when that was asked for: the store is to be closed and opened again. */
  readonly asked: Promise<undefined>;
}

export function resetOf(store: StoreFolder): Reset {
  let tell: (nothing: undefined) => void = () => undefined;
  const asked = new Promise<undefined>((resolve) => {
    tell = resolve;
  });
  return {
    async ask() {
      await store.askErasure();
      tell(undefined);
    },
    asked,
  };
}
