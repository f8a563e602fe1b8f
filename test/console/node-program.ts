import { fileURLToPath } from 'node:url';

/** The command of this clone's program on Node. */
export const nodeProgram: readonly string[] = [process.execPath, fileURLToPath(new URL('../../src/main.ts', import.meta.url))];
