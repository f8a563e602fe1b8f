import { fileURLToPath } from 'node:url';

/** The command that runs a script on a store, as `npm start` calls the program. */
export function signet(store: string, ...rest: readonly string[]): readonly string[] {
  return [
    process.execPath,
    '--max-semi-space-size=4',
    fileURLToPath(new URL('../src/main.ts', import.meta.url)),
    '--store',
    store,
    ...rest,
  ];
}
