/**
 * `npm run bench:footprint`: what the compact host takes of a small router, beside its peers: bytes of flash, memory, and CPU time on an emulated
 * MIPS CPU. It measures what `npm run cross-build` has made.
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { spawn as spawnOnTerminal } from '@lydell/node-pty';
import { distFolder } from '../scripts/cross-build/build.ts';
import { emulator } from '../scripts/cross-build/emulator.ts';
import { outputs, readTargets } from '../scripts/cross-build/targets.ts';
import { type Figure, show } from './figures.ts';
import { peers } from './footprint-peers.ts';
import { instructionsOf } from './instructions.ts';
import { caLines } from './issuing.ts';
import { total } from './keygen/weights.ts';
import { measure, textFile, withFolder } from './measure.ts';
import { signet as nodeSignet } from './signet.ts';

const megabyte = 1e6;

interface Program {
  readonly path: string;
  /** With its emulator in front. */
  readonly command: readonly string[];
}

/** The compact host of a target. */
function compact(target: string): Program {
  const [known] = readTargets([target]);
  const path = join(distFolder(target), outputs.compact);
  if (known === undefined || !existsSync(path)) throw new Error(`${path} is missing: npm run cross-build -- ${target} --forms compact`);
  return { path, command: [...(emulator(known) ?? []), path] };
}

const mipsel = compact('mipsel-unknown-linux-musl');
const here = compact('x86_64-unknown-linux-musl');

/** A CA and so many certificates less one, on P-256. */
function fill(store: string, certificates: number): void {
  withFolder((folder) => {
    const lines = Array.from(
      { length: certificates - 1 },
      (_, i) => `add name=c${i} common-name=c${i} key-size=prime256v1\nsign c${i} ca=ca`,
    );
    measure([...here.command, '--store', store, 'run', textFile(folder, 'fill.rsc', [...caLines, ...lines].join('\n'))]);
  });
}

/** Seconds of CPU time that a process has had. */
function cpuOf(pid: number): number {
  const [user = 0, system = 0] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ').slice(11, 13).map(Number) ?? [];
  // sysconf(_SC_CLK_TCK) is 100 on every Linux of today.
  return (user + system) / 100;
}

function residentOf(pid: number): number {
  return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024;
}

interface Running {
  readonly cpu: number;
  readonly resident: number;
}

/** Runs `work` beside a daemon on the store; what the daemon had cost when it was ready. */
async function withDaemon(command: readonly string[], store: string, work: () => Promise<void> = async () => undefined): Promise<Running> {
  const [program = '', ...options] = command;
  const daemon = spawn(program, [...options, '--store', store, 'daemon'], { stdio: ['ignore', 'ignore', 'pipe'] });
  try {
    for await (const chunk of daemon.stderr) if (String(chunk).includes('the daemon runs')) break;
    const pid = daemon.pid ?? 0;
    const cpu = cpuOf(pid);
    await setTimeout(500);
    const resident = residentOf(pid);
    await work();
    return { cpu, resident };
  } finally {
    daemon.kill('SIGTERM');
    await once(daemon, 'close');
  }
}

/** CPU seconds of a console from its start to its prompt, on a daemon that runs. */
async function firstPrompt(command: readonly string[], store: string): Promise<number> {
  const [program = '', ...options] = command;
  const terminal = spawnOnTerminal(program, [...options, '--store', store, 'console'], { cols: 80, rows: 24, name: 'xterm' });
  const prompted = new Promise<void>((resolve) => {
    let shown = '';
    terminal.onData((text) => {
      shown += text;
      if (shown.includes('] >')) resolve();
    });
  });
  await prompted;
  const cpu = cpuOf(terminal.pid);
  // One that is left would wait for the next daemon.
  const ended = new Promise((resolve) => {
    terminal.onExit(resolve);
  });
  terminal.write('\u0004');
  await ended;
  return cpu;
}

async function mean(times: number, one: () => Promise<number>): Promise<number> {
  let sum = 0;
  for (let i = 0; i < times; i++) sum += await one();
  return sum / times;
}

/** What a script on the store costs an emulated CPU above one that does nothing: seconds of CPU time here, and its instructions. */
function script({ path, command }: Program, store: string, lines: string, { name, bar }: Required<Pick<Figure, 'name' | 'bar'>>): Figure[] {
  const line = (text: string): string[] => ['--store', store, '-c', text];
  const cpu = (text: string): number => measure([...command, ...line(text)]).cpu;
  const instructions = (text: string): number => total(instructionsOf(command.slice(0, -1), [path, ...line(text)])) / 1e6;
  // What a script adds to the store is there for the second one, too.
  const counted = instructions(lines) - instructions(':put ready');
  return [
    { name: `mipsel: ${name}, CPU`, value: cpu(lines) - cpu(':put ready'), unit: 's', bar },
    { name: '  the same: guest instructions', value: counted, unit: 'M' },
  ];
}

async function figures(): Promise<readonly Figure[]> {
  const { path, command } = mipsel;
  const packed = spawnSync('xz', ['-9e', '--stdout', path], { maxBuffer: 1 << 28 }).stdout.length;
  const flash: Figure[] = [
    { name: 'mipsel: the program', value: statSync(path).size / megabyte, unit: 'MB', bar: '<= 5.5' },
    { name: 'mipsel: the program, by xz', value: packed / megabyte, unit: 'MB', bar: '<= 1.9' },
  ];
  const store = (folder: string): string => join(folder, 'store');
  const running = await withStore(100, async (folder) => {
    const native = await withDaemon(here.command, store(folder));
    const node = await withDaemon(nodeSignet(store(folder)).slice(0, -2), store(folder));
    const start = await mean(3, async () => (await withDaemon(command, store(folder))).cpu);
    let prompt = 0;
    await withDaemon(command, store(folder), async () => {
      prompt = await mean(5, () => firstPrompt(command, store(folder)));
    });
    return [
      { name: 'x86-64: memory of an idle daemon, 100 certificates', value: native.resident / megabyte, unit: 'MB', bar: '<= 8' },
      { name: '  the same by Node', value: node.resident / megabyte, unit: 'MB' },
      { name: 'mipsel: cold start of a daemon, CPU', value: start, unit: 's', bar: '<= 0.5' },
      { name: 'mipsel: a console on a daemon to its prompt, CPU', value: prompt, unit: 's', bar: '<= 0.15' },
      ...script(mipsel, store(folder), '/certificate/sign [/certificate/add common-name=new key-size=prime256v1] ca=ca', {
        name: 'one more certificate on P-256',
        bar: '<= 0.5',
      }),
    ] satisfies Figure[];
  });
  const listing = await withStore(1000, async (folder) =>
    script(mipsel, store(folder), '/certificate/print', { name: 'print of 1,000 certificates', bar: '<= 1' }),
  );
  return [...flash, ...running, ...listing];
}

async function withStore(certificates: number, work: (folder: string) => Promise<readonly Figure[]>): Promise<readonly Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'signet-footprint-'));
  try {
    fill(join(folder, 'store'), certificates);
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

show(await figures());
show(peers());
