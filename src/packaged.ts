import { encodeBy } from './bytes/utf8.ts';
import { runProgram } from './console/program.ts';
import { PackagedAddon } from './platform/node/keygen/packaged-addon.ts';
import { NodeProcess } from './platform/node/process.ts';
import { encodeUtf8 } from './platform/node/text.ts';
import { version } from './version.ts';

// The Node program as one file, which has in it what `main.ts` finds in the clone.
encodeBy(encodeUtf8);
const addon = new PackagedAddon();
const program = new NodeProcess(addon.load);

const status = runProgram(
  Object.assign(program, {
    version,
    defaultStore: '/var/lib/signet',
    defaultSocket: '/run/signet/console.sock',
    async openRouter(folder: string, options: { readonly log: boolean }) {
      const [{ openRouter }, { choosePackagedKeyGenerator }] = await Promise.all([
        import('./node-router.ts'),
        import('./platform/node/keygen/packaged.ts'),
      ]);
      return openRouter(folder, program.clock, choosePackagedKeyGenerator(addon.load()), options);
    },
  }),
);

// oxlint-disable-next-line unicorn/prefer-top-level-await -- such a file is CommonJS, which has none
void status.then((code) => process.exit(code));
