import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'vitest';
import { findTool, inCi, type ToolName, whence } from '../../scripts/tools.ts';

/** What a program printed. */
export interface Output {
  bytes: Uint8Array;
  /** `bytes` as UTF-8. */
  text: string;
  /** Standard error. */
  errors: string;
}

/** A program ended with another status than 0. `message` holds its arguments and what it said. */
export class JudgeRefused extends Error {
  override readonly name = 'JudgeRefused';
  readonly status: number;
  readonly output: Output;

  constructor(program: string, args: readonly string[], status: number, output: Output) {
    super(`${program} ${args.join(' ')}: status ${status}\n${output.errors}${output.text}`.slice(0, 4000));
    this.status = status;
    this.output = output;
  }
}

/**
 * Vitest's `test` where all the tools are here, else `test.skip`; in CI, where nothing may be left out, a missing tool is an error.
 *
 *     const judged = testWith('openssl', 'certtool');
 *     judged('GnuTLS reads our request', () => { ... });
 */
export function testWith(...tools: readonly ToolName[]): typeof test | typeof test.skip {
  const missing = tools.filter((name) => findTool(name) === undefined);
  if (missing.length === 0) return test;
  if (inCi) throw new Error(`missing: ${missing.map((name) => `${name} (${whence(name)})`).join(', ')}`);
  return test.skip;
}

/** Runs a tool to its end without a shell. Throws `JudgeRefused` when its status is not 0. */
export function run(tool: ToolName, args: readonly string[], input?: Uint8Array | string): Output {
  const path = findTool(tool);
  if (path === undefined) throw new Error(`missing: ${tool} (${whence(tool)})`);
  const result = spawnSync(path, args, {
    input: input ?? '',
    maxBuffer: 256 * 1024 * 1024,
    env: { ...process.env, LC_ALL: 'C.UTF-8', TZ: 'UTC' },
  });
  if (result.error) throw result.error;
  const output = { bytes: new Uint8Array(result.stdout), text: result.stdout.toString(), errors: result.stderr.toString() };
  if (result.status !== 0) throw new JudgeRefused(tool, args, result.status ?? -1, output);
  return output;
}

/** Asks a judge that reads one JSON question a line and answers one JSON line each: one process for any number of questions. */
export function askAll<Answer>(tool: ToolName, args: readonly string[], questions: readonly object[]): Answer[] {
  const lines = questions.map((question) => `${JSON.stringify(question)}\n`).join('');
  const answers = run(tool, args, lines)
    .text.split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Answer);
  if (answers.length !== questions.length) throw new Error(`${tool}: ${answers.length} answers to ${questions.length} questions`);
  return answers;
}

let scratch: string | undefined;
let files = 0;

/** The path of a new file with these contents, in a folder that is removed when the test process ends. */
export function fileOf(contents: Uint8Array | string, extension = ''): string {
  const path = newPath(extension);
  writeFileSync(path, contents);
  return path;
}

/** A path in that folder where no file is yet, for a program to write to. */
export function newPath(extension = ''): string {
  if (scratch === undefined) {
    const folder = mkdtempSync(join(tmpdir(), 'signet-judges-'));
    process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
    scratch = folder;
  }
  files += 1;
  return join(scratch, `${files}${extension}`);
}
