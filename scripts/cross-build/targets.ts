import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv, type ErrorObject } from 'ajv';
import { root } from '../tools.ts';

export type Form = 'addon' | 'compact' | 'keygen' | 'node';

/** The file in `dist/<target>/` that a form consists of. */
export const outputs: Readonly<Record<Form, string>> = {
  addon: 'rsa-keygen.node',
  compact: 'signet',
  keygen: 'signet-keygen',
  node: 'signet',
};

/** What the compact program is packed into. */
export const packageForms = ['ipk', 'deb', 'oci'] as const;

export type PackageForm = (typeof packageForms)[number];

/** A file of targets/; `target.schema.json` says what its fields mean. */
export interface Target {
  /** Rust's name, from the file's. */
  readonly name: string;
  readonly cpu: string;
  readonly abi: { readonly libc: 'musl' | 'glibc 2.28'; readonly float: 'hard' | 'soft' };
  readonly toolChain: {
    readonly zig: string;
    readonly profile: 'release' | 'small';
    readonly panic: 'unwind' | 'abort';
    readonly rustFlags: readonly string[];
    readonly headers?: string;
  };
  readonly qemu?: { readonly command: 'qemu-aarch64' | 'qemu-mipsel'; readonly cpu: string };
  readonly forms: readonly Form[];
  /** Each with the architecture's name there. */
  readonly packages?: Readonly<Partial<Record<PackageForm, string>>>;
}

/** What was asked for can't be built. `message` names the file and the field, or the targets there are. */
export class TargetError extends Error {
  override readonly name = 'TargetError';
}

const targetsFolder = join(root, 'targets');
const schemaFile = join(targetsFolder, 'target.schema.json');
const validate = new Ajv({ allErrors: true }).compile<Omit<Target, 'name'>>(JSON.parse(readFileSync(schemaFile, 'utf8')) as object);

/** The targets of these names, or all of them where none is named. */
export function readTargets(names: readonly string[] = [], folder: string = targetsFolder): Target[] {
  const known = readdirSync(folder)
    .filter((file) => file.endsWith('.json') && file !== 'target.schema.json')
    .map((file) => file.slice(0, -'.json'.length))
    .sort();
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0) throw new TargetError(`no such target: ${unknown.join(', ')}; there are: ${known.join(', ')}`);
  return (names.length > 0 ? names : known).map((name) => ({ name, ...readTarget(join(folder, `${name}.json`), `targets/${name}.json`) }));
}

function readTarget(path: string, file: string): Omit<Target, 'name'> {
  const text = readFileSync(path, 'utf8');
  let contents: unknown;
  try {
    contents = JSON.parse(text);
  } catch (error) {
    throw new TargetError(`${file} is no JSON: ${error instanceof Error ? error.message : 'unreadable'}`);
  }
  if (validate(contents)) return contents;
  throw new TargetError((validate.errors ?? []).map((error) => `${file}: ${describe(error)}`).join('\n'));
}

/** `abi.libc must be one of: musl, glibc 2.28`. */
function describe({ instancePath, keyword, message, params }: ErrorObject): string {
  const path = instancePath.split('/').slice(1);
  const at = (field?: unknown): string => [...path, ...(typeof field === 'string' ? [field] : [])].join('.');
  if (keyword === 'required') return `${at(params['missingProperty'])} is missing`;
  if (keyword === 'additionalProperties') return `${at(params['additionalProperty'])} is not a field`;
  if (keyword === 'enum') return `${at()} must be one of: ${String(params['allowedValues']).replaceAll(',', ', ')}`;
  return `${path.length === 0 ? 'the whole' : at()} ${message ?? 'is wrong'}`;
}
