import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';

/** A call that changed the folder, or an acknowledgement that left the process. Paths are relative to the folder. */
export type TracedCall =
  | { readonly name: 'create'; readonly path: string }
  | {
      readonly name: 'write';
      readonly path: string;
      readonly bytes: Buffer /** Undefined: at the end. */;
      readonly offset: number | undefined;
    }
  | { readonly name: 'truncate'; readonly path: string; readonly length: number }
  | { readonly name: 'rename'; readonly path: string; readonly to: string }
  | { readonly name: 'unlink'; readonly path: string }
  | { readonly name: 'sync' /** "" is the folder itself. */; readonly path: string }
  | { readonly name: 'acknowledge'; readonly lines: readonly string[] };

/** The calls by which a store changes. */
const understood = ['openat', 'write', 'pwrite64', 'ftruncate', 'fsync', 'fdatasync', 'rename', 'unlink'];

/** Other ways to change a file: one of them in a trace means that the replay has to learn it. */
const unknown = [
  'writev',
  'pwritev',
  'pwritev2',
  'truncate',
  'renameat',
  'renameat2',
  'unlinkat',
  'link',
  'linkat',
  'fallocate',
  'copy_file_range',
  'sendfile',
];

/** What strace is asked to write down. */
export const tracedCalls: readonly string[] = [...understood, ...unknown];

/** The calls of `strace -f -y -x` output that succeeded and concern `folder`, in the order in which they ended. */
export async function* readTrace(path: string, folder: string): AsyncIterable<TracedCall> {
  const begun = new Map<string, string>();
  const opened = new Map<string, string>();
  for await (const line of createInterface({ input: createReadStream(path) })) {
    const [, thread = '', text = ''] = /^(\d+) +(.*)$/.exec(line) ?? [];
    if (text.endsWith('<unfinished ...>')) {
      begun.set(thread, text.slice(0, -'<unfinished ...>'.length));
      continue;
    }
    const whole = text.replace(/^<\.\.\. \w+ resumed>/, begun.get(thread) ?? '');
    const call = /^(\w+)\((.*)\) += (\d+)(?:<(.*)>)?$/.exec(whole);
    if (call === null) continue;
    const [, name = '', args = '', result = '', target] = call;
    if (name === 'openat' && target !== undefined) opened.set(result, target);
    const found = interpret(name, args, target, folder, opened);
    if (found !== undefined) yield found;
  }
}

function interpret(
  name: string,
  args: string,
  target: string | undefined,
  folder: string,
  opened: ReadonlyMap<string, string>,
): TracedCall | undefined {
  const within = (path: string | undefined) =>
    path !== undefined && `${path}/`.startsWith(`${folder}/`) ? path.slice(folder.length + 1) : undefined;
  const named = strings(args).map((text) => within(resolved(text.toString(), opened)));
  const path = within(/^\d+<(.*?)>/.exec(args)?.[1]) ?? (name === 'openat' ? within(target) : named[0]);
  if (name === 'write' && args.startsWith('1<'))
    return { name: 'acknowledge', lines: (strings(args)[0]?.toString() ?? '').trim().split('\n') };
  if (path === undefined) return undefined;
  if (unknown.includes(name)) throw new Error(`the replay does not know ${name} of ${path}`);
  const numbers =
    args
      .slice(args.lastIndexOf('"') + 1)
      .match(/\d+/g)
      ?.map(Number) ?? [];
  switch (name) {
    case 'openat':
      return args.includes('O_CREAT') ? { name: 'create', path } : undefined;
    case 'write':
      return { name: 'write', path, bytes: strings(args)[0] ?? Buffer.alloc(0), offset: undefined };
    case 'pwrite64':
      return { name: 'write', path, bytes: strings(args)[0] ?? Buffer.alloc(0), offset: numbers[1] ?? 0 };
    case 'ftruncate':
      return { name: 'truncate', path, length: Number(/(\d+)$/.exec(args)?.[1]) };
    case 'rename':
      return { name: 'rename', path, to: named[1] ?? '' };
    case 'unlink':
      return { name: 'unlink', path };
    case 'fsync':
    case 'fdatasync':
      return { name: 'sync', path };
    default:
      return undefined;
  }
}

/** A path through a descriptor (`/proc/self/fd/N/name`) as one through the folder that it was opened as. */
function resolved(path: string, opened: ReadonlyMap<string, string>): string {
  return path.replace(/^\/proc\/self\/fd\/(\d+)/, (whole, descriptor: string) => opened.get(descriptor) ?? whole);
}

/** The strings in the arguments, as bytes. */
function strings(args: string): Buffer[] {
  return [...args.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, text = '']) => unescaped(text));
}

const escapes: Readonly<Record<string, number>> = { n: 10, t: 9, r: 13, v: 11, f: 12, '"': 34, '\\': 92 };

function unescaped(text: string): Buffer {
  const pieces = text.matchAll(/\\x([0-9a-f]{2})|\\([0-7]{1,3})|\\(.)|([^\\]+)/g);
  return Buffer.concat(
    [...pieces].map(([, hex, octal, escaped, plain]) => {
      if (plain !== undefined) return Buffer.from(plain, 'latin1');
      if (hex !== undefined) return Buffer.of(Number.parseInt(hex, 16));
      return Buffer.of(octal === undefined ? (escapes[escaped ?? ''] ?? 0) : Number.parseInt(octal, 8));
    }),
  );
}
