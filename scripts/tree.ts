import type { Source } from './source.ts';

const longest = 400;
const code = /\.(?:ts|mjs|rs|go|py)$/;

/** Folders of one person's machine, which mean nothing on another. */
const machinePath = /(?<![\w.-])\/(?:root|work|farm|tmp|home\/\w+|Users\/\w+)\/[\w.]/;

/** Hosts of package registries: the clients of the machine at hand know where to look. */
const registryHost =
  /\b(?:registry\.npmjs\.org|registry\.yarnpkg\.com|proxy\.golang\.org|files\.pythonhosted\.org|index\.crates\.io|deb\.debian\.org)\b/;

/** A private key in PEM with its contents, as text or as a string of a program. */
const privateKey = /-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----(?:\s|\\n|\\r|['"+])*(?:[A-Za-z-]+: .*\s+)*[A-Za-z0-9+/]{32}/;

/** What no file of the tree may hold, one line for each that does. */
export function treeViolations(files: readonly Source[]): string[] {
  const readmes = new Map(files.filter(({ path }) => path.endsWith('README.md')).map(({ path, text }) => [path, text]));
  return files.flatMap(({ path, text }) => [
    ...tooLong(path, text),
    ...(privateKey.test(text) && !isMarkedFixture(path, readmes) ? [`${path}: holds a private key outside a marked fixture`] : []),
    ...lineOf(text, machinePath).map((line) => `${path}:${line}: names a folder of one machine`),
    ...lineOf(text, registryHost).map((line) => `${path}:${line}: names the host of a package registry`),
  ]);
}

function tooLong(path: string, text: string): string[] {
  const lines = text.split('\n').length - 1;
  return code.test(path) && lines > longest ? [`${path}: ${lines} lines; more than ${longest} are two subjects`] : [];
}

/** Keys may lie under test/fixtures, in a folder whose README says that they are for tests only. */
function isMarkedFixture(path: string, readmes: ReadonlyMap<string, string>): boolean {
  if (!path.startsWith('test/fixtures/')) return false;
  const parts = path.split('/');
  return parts.some((_, depth) => /for tests only/i.test(readmes.get([...parts.slice(0, depth), 'README.md'].join('/')) ?? ''));
}

function lineOf(text: string, pattern: RegExp): number[] {
  const at = text.search(pattern);
  return at < 0 ? [] : [text.slice(0, at).split('\n').length];
}
