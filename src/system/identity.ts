import type { Store } from '../store/store.ts';
import { SystemError } from './errors.ts';

const setting = 'identity';
const longest = 64;

/** The name of the router in prompts. */
export interface Identity {
  name(): string;
  /** Throws `SystemError` for an empty name, one over 64 characters and one with control characters. */
  rename(name: string): void;
}

export function identityOf(store: Store): Identity {
  return {
    name: () => store.settings.get(setting) ?? 'router',
    rename(name) {
      if (name === '' || name.length > longest) throw new SystemError('bad-value', `identity must have 1 to ${longest} characters`);
      if (/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(name)) throw new SystemError('bad-value', 'identity must not have control characters');
      store.transact(() => store.settings.set(setting, name));
    },
  };
}
