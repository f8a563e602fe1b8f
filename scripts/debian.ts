import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execute, type Problem } from './steps.ts';

/** Packages to lay side by side in a folder, which installs nothing on this machine. */
export interface Unpacked {
  suite: 'bookworm' | 'trixie';
  packages: readonly string[];
  /** Debian's name of another machine's architecture; this machine's where absent. */
  architecture?: 'amd64' | 'arm64' | 'mipsel';
  /** A whole Debian: `/bin` and its like lead into `/usr`, and dpkg knows what is there. None of it was configured. */
  system?: true;
}

/** Unpacks Debian packages and what they depend on, by a state of apt that belongs to the folder alone and goes when it is done. */
export function unpackDebian(folder: string, { suite, packages, architecture, system }: Unpacked): Problem {
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
  const downloaded = readdirSync(archives)
    .filter((name) => name.endsWith('.deb'))
    .map((name) => join(archives, name));
  if (downloaded.length === 0) return `apt-get downloaded nothing of ${packages.join(' ')}`;
  if (system) mergeUsr(folder);
  const failed = downloaded.map((archive) => unpack(archive, folder)).find((result) => result !== undefined);
  if (system && failed === undefined) register(downloaded, folder);
  rmSync(apt, { recursive: true, force: true });
  return failed;
}

/** As `dpkg-deb -x`, but a folder of the package does not take the place of a link to one. */
function unpack(archive: string, folder: string): Problem {
  const line = 'dpkg-deb --fsys-tarfile "$1" | tar -xp --keep-directory-symlink -C "$2"';
  return execute(['sh', '-c', line, 'sh', archive, folder]);
}

function mergeUsr(folder: string): void {
  for (const name of ['bin', 'sbin', 'lib', 'lib64']) {
    mkdirSync(join(folder, 'usr', name), { recursive: true });
    symlinkSync(`usr/${name}`, join(folder, name));
  }
}

/** Writes dpkg's database as if it had installed these archives; it does not say which files they brought. */
function register(archives: readonly string[], folder: string): void {
  const database = join(folder, 'var/lib/dpkg');
  const info = join(database, 'info');
  for (const made of [info, join(database, 'updates'), join(database, 'triggers')]) mkdirSync(made, { recursive: true });
  const fields = archives.map((archive) => spawnSync('dpkg-deb', ['--field', archive], { encoding: 'utf8' }).stdout.trimEnd());
  for (const text of fields) {
    const field = (name: string): string => new RegExp(`^${name}: (.*)$`, 'm').exec(text)?.[1] ?? '';
    const suffix = field('Multi-Arch') === 'same' ? `:${field('Architecture')}` : '';
    writeFileSync(join(info, `${field('Package')}${suffix}.list`), '');
  }
  writeFileSync(join(info, 'format'), '1\n');
  writeFileSync(join(database, 'available'), '');
  writeFileSync(join(database, 'status'), fields.map((text) => `${text}\nStatus: install ok installed\n\n`).join(''));
}
