import { fileURLToPath } from 'node:url';

/** The command that runs a script on a store. */
export function signet(store: string, ...rest: readonly string[]): readonly string[] {
  return [process.execPath, fileURLToPath(new URL('../src/main.ts', import.meta.url)), '--store', store, ...rest];
}
