import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { installTools } from '../install-tools.ts';
import { intoPlace } from '../steps.ts';
import { cache, crossCompiler, inCi, installedTools, libclang, type Needed, root, zigHome } from '../tools.ts';
import { emulator } from './emulator.ts';
import type { Target } from './targets.ts';

/** What the wrappers of zig leave out: machine options that the cc crate and rustc add for clang or GNU's linker, and zig spells differently. */
const droppedOptions = [
  '--target=*',
  '-m32',
  '-m64',
  '-march=*',
  '-mabi=*',
  '-mfloat-abi=*',
  '-msoft-float',
  '-Wl,-melf*',
  '-Wl,--no-undefined-version',
];

/** Build scripts and macros run on this machine, so that its own C compiler links them; zig comes by pip, which `pyca` has. */
const needed: readonly Needed[] = [
  ...Object.values(crossCompiler),
  libclang,
  'cc',
  '/usr/include/stdio.h',
  'readelf',
  'git',
  'xz',
  'python3',
  'pyca',
  'zig',
];

/** Installs the compilers where they are missing; answers what is still missing, one line each. */
export function installToolChain(): string[] {
  return installTools(needed);
}

/** Where cargo keeps what it built: one folder for all targets, as what runs on this machine while building is the same for all. */
export const cargoTarget = inCi ? join(cache, 'cargo-target-cross') : join(root, 'native', 'target', 'cross');

/** The environment in which cargo builds for a target, and runs what it built. */
export function environmentFor(target: Target): NodeJS.ProcessEnv {
  const { name, cpu, abi, toolChain } = target;
  const [cc, ar] = wrappers(toolChain.zig, cpu);
  const variable = name.replaceAll('-', '_');
  const cargoVariable = `CARGO_TARGET_${variable.toUpperCase()}`;
  const unwinds = toolChain.panic === 'unwind';
  // The tables that unwinding needs are a tenth of a program.
  const tables = unwinds ? [] : ['-Cforce-unwind-tables=no'];
  const packaged = existsSync(join('/usr/lib/rustlib', name, 'lib'));
  return {
    ...process.env,
    ...overrides,
    // npm puts its own folders first, and another compiler may come before Debian's.
    PATH: `${dirname(crossCompiler.cargo)}${delimiter}${process.env['PATH'] ?? ''}`,
    CARGO: crossCompiler.cargo,
    RUSTC: crossCompiler.rustc,
    CARGO_TARGET_DIR: cargoTarget,
    // From which the other profiles have it.
    CARGO_PROFILE_RELEASE_PANIC: toolChain.panic,
    // Where the sources lie is no part of what is built: another machine makes the same bytes.
    CARGO_PROFILE_RELEASE_TRIM_PATHS: 'all',
    CARGO_UNSTABLE_TRIM_PATHS: 'true',
    // A stable compiler does that, and builds its standard library, only when told that it may use what is unstable.
    RUSTC_BOOTSTRAP: '1',
    ...(packaged ? {} : { CARGO_UNSTABLE_BUILD_STD: `std,panic_${toolChain.panic}` }),
    // A program without symbols has nothing that a backtrace could name.
    ...(packaged || unwinds ? {} : { CARGO_UNSTABLE_BUILD_STD_FEATURES: ' ' }),
    // zig's musl has seconds in 64 bits on every machine; the crate of its bindings believes so only when told.
    ...(abi.libc === 'musl' && name.startsWith('mips') ? { RUST_LIBC_UNSTABLE_MUSL_V1_2_3: '1' } : {}),
    [`${cargoVariable}_LINKER`]: cc,
    [`${cargoVariable}_RUNNER`]: emulator(target)?.join(' '),
    [`${cargoVariable}_RUSTFLAGS`]: [`-Ctarget-cpu=${cpu}`, ...tables, ...toolChain.rustFlags].join(' '),
    [`CC_${variable}`]: cc,
    [`CFLAGS_${variable}`]: [
      ...(unwinds ? [] : ['-fno-unwind-tables', '-fno-asynchronous-unwind-tables']),
      // The cc crate has C compiled to run at any address, which on MIPS is a 20th of it, where all the rest runs at one.
      ...(toolChain.rustFlags.includes('-Crelocation-model=static') ? ['-fno-PIC'] : []),
    ].join(' '),
    [`AR_${variable}`]: ar,
    ...(toolChain.headers === undefined ? {} : { [`BINDGEN_EXTRA_CLANG_ARGS_${variable}`]: clangArguments(name, toolChain.headers) }),
    ZIG_GLOBAL_CACHE_DIR: join(cache, 'zig-cache'),
    ZIG_LOCAL_CACHE_DIR: join(cache, 'zig-cache'),
  };
}

/** These would take the place of the target's own. */
const overrides = { RUSTFLAGS: undefined, CARGO_ENCODED_RUSTFLAGS: undefined, CARGO_BUILD_TARGET_DIR: undefined };

/** Where clang, which reads headers for bindings, finds those of zig's C library. */
function clangArguments(target: string, headers: string): string {
  const library = join(zigHome, 'ziglang', 'lib');
  const folders = ['include', `libc/include/${headers}`, 'libc/include/generic-musl'].map((folder) => `-isystem ${join(library, folder)}`);
  return [`--target=${target}`, '-nostdlibinc', ...folders].join(' ');
}

/**
 * Programs in the manner of `cc` and `ar` for a target. Their paths stay the same as long as what they do: cargo rebuilds where a path changes.
 * OUT_DIR, where build scripts put sources, is named in nothing that they make.
 */
function wrappers(zigTarget: string, cpu: string): readonly [string, string] {
  // zig writes `x86_64` where rustc writes `x86-64`.
  const machine = `-target ${zigTarget} -mcpu=${cpu.replaceAll('-', '_')}`;
  const cc = `#!/bin/sh
for argument; do
  shift
  case "$argument" in
    ${droppedOptions.join(' | ')}) ;;
    *) set -- "$@" "$argument" ;;
  esac
done
exec '${installedTools.zig}' cc ${machine} \${OUT_DIR:+"-ffile-prefix-map=$OUT_DIR=."} "$@"
`;
  const ar = `#!/bin/sh\nexec '${installedTools.zig}' ar "$@"\n`;
  const digest = createHash('sha256').update(cc).update(ar).digest('hex').slice(0, 16);
  const folder = join(cache, `zig-cc-${digest}`);
  if (!existsSync(folder)) {
    mkdirSync(cache, { recursive: true });
    intoPlace(folder, (place) => {
      for (const [name, program] of Object.entries({ cc, ar })) {
        writeFileSync(join(place, name), program);
        chmodSync(join(place, name), 0o755);
      }
      chmodSync(place, 0o755);
      return undefined;
    });
  }
  return [join(folder, 'cc'), join(folder, 'ar')];
}
