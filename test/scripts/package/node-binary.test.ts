import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildNodeBinary } from '../../../scripts/cross-build/node-binary.ts';
import { inCi } from '../../../scripts/tools.ts';
import { defaultAddonPath, loadAddon } from '../../../src/platform/node/keygen/addon.ts';

const target = process.arch === 'arm64' ? 'aarch64-unknown-linux-gnu' : 'x86_64-unknown-linux-gnu';

/** What `npm run build:native` makes; without it there is nothing to put in. */
const withAddon = loadAddon(defaultAddonPath).loaded || inCi ? test : test.skip;

let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'signet-node-binary-'));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Builds the program with a file as its addon; answers its path. */
async function built(name: string, addon: string): Promise<string> {
  const program = join(folder, name);
  expect(await buildNodeBinary(target, addon, join(folder, `${name}.parts`), program)).toBeUndefined();
  return program;
}

function play(program: string, input: string, env: NodeJS.ProcessEnv = {}): { status: number | null; output: string } {
  const { status, stdout, stderr } = spawnSync(program, ['--store', `${program}.store`], {
    input,
    env: { PATH: process.env['PATH'], ...env },
    encoding: 'utf8',
  });
  return { status, output: stdout + stderr };
}

const makeKey = '/certificate add name=a common-name=a key-size=1024\n/certificate sign a\n/system resource print\n';

describe('Node and the program in one file', () => {
  withAddon('makes keys by the addon in it, which leaves no file behind', async () => {
    const program = await built('signet', defaultAddonPath);
    const temporary = join(folder, 'temporary');
    mkdirSync(temporary);
    const { status, output } = play(program, makeKey, { TMPDIR: temporary });
    expect(output).toMatch(/^ *key-generator: native$/m);
    expect([status, readdirSync(temporary)]).toEqual([0, []]);
  });

  withAddon('takes no options for Node, neither as arguments nor from the environment', async () => {
    const program = await built('closed', defaultAddonPath);
    const evil = join(folder, 'evil.cjs');
    writeFileSync(evil, "console.log('evil');");
    const options = { ...process.env, NODE_OPTIONS: `--require=${evil}`, SIGNET_STORE: join(folder, 'store') };
    expect(spawnSync(program, ['version'], { env: options, encoding: 'utf8' }).stdout).toBe('signet 0.1.0\n');
    const { status, stderr } = spawnSync(program, [`--require=${evil}`, 'version'], { env: options, encoding: 'utf8' });
    expect([status, stderr.split('\n', 1)[0]]).toEqual([2, `signet: unknown option --require=${evil}`]);
  });

  test('makes keys by the fallback where the addon can not be loaded, and says so', async () => {
    const noAddon = join(folder, 'no-addon.node');
    writeFileSync(noAddon, 'no library');
    const program = await built('fallback', noAddon);
    const { status, output } = play(program, makeKey);
    expect(output).toMatch(/^ *key-generator: node-forge \(RSA\), node \(EC\)$/m);
    expect(status).toBe(0);
  });

  test('is not made without an addon', async () => {
    expect(await buildNodeBinary(target, join(folder, 'none'), join(folder, 'none.parts'), join(folder, 'none.out'))).toBe(
      `${join(folder, 'none')} is missing, which goes into it: build the form addon too`,
    );
  });
});
