import { posix } from 'node:path';
import type { Source } from './source.ts';

const domain = ['certificates', 'crl', 'users', 'files', 'system', 'logging', 'services'] as const;

/** What each folder of src/ may import besides itself. A folder that is not here may not exist. `ARCHITECTURE.md` draws the same picture. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  bytes: [],
  platform: [],
  job: ['platform'],
  der: ['platform', 'bytes'],
  pem: ['bytes'],
  x509: ['der', 'platform', 'bytes'],
  // Below the domains: it knows certificates and CRLs, and no store.
  validation: ['x509', 'der', 'platform', 'bytes'],
  keys: ['x509', 'der', 'platform', 'bytes'],
  store: ['platform', 'bytes'],
  accounts: ['platform', 'bytes'],
  http: ['platform', 'bytes'],
  // `der` for object identifiers and for telling apart what a file holds.
  certificates: ['store', 'keys', 'validation', 'x509', 'pem', 'der', 'job', 'platform', 'bytes'],
  crl: ['certificates', 'store', 'x509', 'http', 'platform', 'bytes'],
  users: ['accounts', 'store', 'job', 'platform', 'bytes'],
  files: ['store', 'job', 'platform', 'bytes'],
  system: ['store', 'job', 'platform', 'bytes'],
  logging: ['store', 'job', 'platform', 'bytes'],
  services: ['crl', 'certificates', 'store', 'x509', 'http', 'job', 'platform', 'bytes'],
  menu: [...domain, 'job', 'platform', 'bytes'],
  sftp: ['files', 'platform', 'bytes'],
  console: ['menu', 'sftp', 'accounts', 'job', 'platform', 'bytes'],
  rest: ['menu', 'http', 'job', 'platform', 'bytes'],
  version: ['platform'],
  // Wires the domains to the command tree for any host.
  router: ['menu', ...domain, 'http', 'accounts', 'store', 'version', 'job', 'platform', 'bytes'],
  // REST over the router and the console's language, for any host.
  'rest-service': ['router', 'rest', 'console', 'version', 'platform'],
  // What the hosts do alike.
  'platform/common': ['platform', 'bytes'],
  'platform/node': ['platform/common', 'platform', 'bytes'],
  'platform/compact': ['platform/common', 'platform', 'bytes'],
};

/** The hosts: how the specifiers of their modules begin, the folder that imports them, and the programs that wire it. */
const hosts: readonly { readonly prefix: string; readonly folder: string; readonly programs: readonly string[] }[] = [
  { prefix: 'node:', folder: 'platform/node', programs: ['main', 'node-router', 'packaged'] },
  { prefix: 'signet:', folder: 'platform/compact', programs: ['compact', 'compact-router'] },
];

/** Packages of npm, and the folders that may import them. */
const packages: Readonly<Record<string, readonly string[]>> = { 'node-forge': ['platform/node'] };

/** The imports of src/ that point the wrong way, one line each. */
export function layerViolations(files: readonly Source[]): string[] {
  return files
    .filter(({ path }) => path.startsWith('src/') && path.endsWith('.ts'))
    .flatMap((file) => importsOf(file.text).flatMap((specifier) => judge(file.path, specifier) ?? []));
}

function judge(path: string, specifier: string): string | undefined {
  const from = folderOf(path);
  const own = hosts.find(({ programs }) => programs.includes(from));
  const rules = allowed[from];
  if (rules === undefined && own === undefined) return `${path}: src/${from} is not in the list of layers`;
  const host = hosts.find(({ prefix }) => specifier.startsWith(prefix));
  if (host !== undefined) {
    const { folder, programs } = host;
    const names = [folder, ...programs.map((program) => `${program}.ts`)];
    return [folder, ...programs].includes(from) ? undefined : `${path}: imports ${specifier}, which only ${names.join(', ')} may`;
  }
  if (!specifier.startsWith('.')) {
    return packages[specifier.split('/', 1)[0] ?? '']?.includes(from) === true ? undefined : `${path}: imports the package ${specifier}`;
  }
  const to = folderOf(posix.join(posix.dirname(path), specifier));
  if (rules === undefined) {
    return hosts.some(({ folder }) => folder === to && folder !== own?.folder) ? `${path}: imports another host's ${specifier}` : undefined;
  }
  return to === from || rules.includes(to) ? undefined : `${path}: ${from} may not import ${to} (${specifier})`;
}

/** `src/x509/name.ts` is of `x509`, `src/platform/node/files.ts` of `platform/node`, and `src/main.ts` of `main`. */
function folderOf(path: string): string {
  const parts = path.split('/').slice(1);
  if (parts.length === 1) return (parts[0] ?? '').replace(/\.ts$/, '');
  return parts[0] === 'platform' && parts.length > 2 ? `platform/${parts[1]}` : (parts[0] ?? '');
}

const statement = /^\s*(?:import|export)\b(?:[^'";]*?\bfrom)?\s*['"]([^'"]+)['"]/gm;
const expression = /\b(?:import|require)\(\s*['"]([^'"]+)['"]/g;

/** The module specifiers of a file in every form: import, export from, import for its effects, import(), import type. */
function importsOf(text: string): string[] {
  const code = text.replaceAll(/\/\*[\s\S]*?\*\//g, '');
  return [statement, expression].flatMap((form) => [...code.matchAll(form)].map((match) => match[1] ?? ''));
}
