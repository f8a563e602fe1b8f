import { fileURLToPath } from 'node:url';

/** The command of the guest with Node's ports. */
export const nodeGuest: readonly string[] = [process.execPath, fileURLToPath(new URL('node-guest.ts', import.meta.url))];
