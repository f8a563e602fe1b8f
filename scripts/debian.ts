import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execute, type Problem } from './steps.ts';

/** Packages to lay side by side in a folder, which installs nothing on this machine. */
export interface Unpacked {
  suite: 'bookworm' | 'trixie';
  packages: readonly string[];
  /** Debian's name of another machine's architecture; this machine's where absent. */
  architecture?: 'amd64' | 'arm64' | 'mipsel';
}

/** Unpacks Debian packages and what they depend on, by a state of apt that belongs to the folder alone and goes when it is done. */
export function unpackDebian(folder: string, { suite, packages, architecture }: Unpacked): Problem {
  const site = spawnSync('apt-get', ['indextargets', '--format', '$(REPO_URI)', 'Identifier: Packages', 'Origin: Debian', 'Label: Debian']);
  if (site.error) return site.error.message;
  const mirror = site.stdout.toString().split('\n', 1)[0] ?? '';
  if (mirror === '') return "Debian's package archive is not known to this machine";
  const apt = join(folder, 'apt');
  const archives = join(apt, 'cache/archives');
  for (const made of [join(apt, 'state/lists/partial'), join(archives, 'partial')]) mkdirSync(made, { recursive: true });
  writeFileSync(join(apt, 'status'), '');
  writeFileSync(join(apt, 'sources.list'), `deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] ${mirror} ${suite} main\n`);
  const settings = [
    `Dir::State=${join(apt, 'state')}`,
    `Dir::State::status=${join(apt, 'status')}`,
    `Dir::Cache=${join(apt, 'cache')}`,
    `Dir::Cache::archives=${archives}`,
    `Dir::Etc::sourcelist=${join(apt, 'sources.list')}`,
    'Dir::Etc::sourceparts=/dev/null',
    'Dir::Etc::preferencesparts=/dev/null',
    'APT::Sandbox::User=',
    // Images of Debian for containers delete what was downloaded after each run.
    'APT::Keep-Downloaded-Packages=true',
    ...(architecture === undefined ? [] : [`APT::Architecture=${architecture}`, `APT::Architectures=${architecture}`]),
  ].flatMap((setting) => ['-o', setting]);
  const problem =
    execute(['apt-get', '-qq', ...settings, 'update']) ??
    execute(['apt-get', '-qq', '-y', ...settings, '--no-install-recommends', '--download-only', 'install', ...packages]);
  if (problem !== undefined) return problem;
  const downloaded = readdirSync(archives).filter((name) => name.endsWith('.deb'));
  if (downloaded.length === 0) return `apt-get downloaded nothing of ${packages.join(' ')}`;
  const failed = downloaded.map((name) => execute(['dpkg-deb', '-x', join(archives, name), folder])).find((result) => result !== undefined);
  rmSync(apt, { recursive: true, force: true });
  return failed;
}
