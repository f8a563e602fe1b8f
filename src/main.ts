import { enableCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';

// Two thirds of a start go into compiling. The cache is in our own folder, not in the system's for temporary files, where others may
// write; everything else is imported after this.
enableCompileCache(fileURLToPath(new URL('../.cache/compiled', import.meta.url)));

const [{ encodeBy }, { runProgram }, { NodeProcess }, { encodeUtf8 }, { version }] = await Promise.all([
  import('./bytes/utf8.ts'),
  import('./console/program.ts'),
  import('./platform/node/process.ts'),
  import('./platform/node/text.ts'),
  import('./version.ts'),
]);
encodeBy(encodeUtf8);
const program = new NodeProcess();

process.exit(
  await runProgram(
    Object.assign(program, {
      version,
      async openRouter(folder: string, options: { readonly log: boolean }) {
        // Loaded only now: a console that attaches to a daemon does without.
        const [{ openRouter }, { chooseKeyGenerator }] = await Promise.all([
          import('./node-router.ts'),
          import('./platform/node/keygen.ts'),
        ]);
        return openRouter(folder, program.clock, chooseKeyGenerator(), options);
      },
    }),
  ),
);
