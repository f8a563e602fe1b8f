import { type SpawnSyncOptions, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, renameSync, rmSync } from 'node:fs';

/** Why a step of an installation could not be done, or undefined when it is done. */
export type Problem = string | undefined;

/** Makes a folder under another name and moves it to its place when it is whole, so that two at once and a cut one do no harm. */
export function intoPlace(place: string, make: (folder: string) => Problem): Problem {
  const folder = mkdtempSync(`${place}.`);
  const problem = make(folder);
  if (problem === undefined && !existsSync(place)) renameSync(folder, place);
  else rmSync(folder, { recursive: true, force: true });
  return problem;
}

export function execute([command = '', ...args]: readonly string[], options: SpawnSyncOptions = {}): Problem {
  const result = spawnSync(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  if (result.error) return result.error.message;
  if (result.status === 0) return undefined;
  return `${command} ${args.join(' ')}\n${result.stdout.toString()}${result.stderr.toString()}`.trim().slice(-2000);
}
