import { encodeBy } from './bytes/utf8.ts';
import { runProgram } from './console/program.ts';
import { CompactProcess } from './platform/compact/process.ts';
import { encodeUtf8 } from './platform/compact/text.ts';
import { version } from './version.ts';

encodeBy(encodeUtf8);

/** The program of the compact host, which calls this and ends with the status that it resolves with. */
export function run(): Promise<number> {
  const program = new CompactProcess();
  return runProgram(
    Object.assign(program, {
      version,
      async openRouter(folder: string, options: { readonly log: boolean }) {
        // A part of its own: a console that attaches to a daemon does without.
        const { openRouter } = await import('./compact-router.ts');
        return openRouter(folder, program.clock, options);
      },
    }),
  );
}
