// `npm run cross-build -- [target ...] [--forms FORM,FORM]`: builds for other machines into dist/<target>/, by default all forms of all targets.
import { parseArgs } from 'node:util';
import { BuildError, build } from './build.ts';
import { readTargets, TargetError } from './targets.ts';
import { installToolChain } from './tool-chain.ts';

try {
  const { positionals, values } = parseArgs({ allowPositionals: true, options: { forms: { type: 'string' } } });
  const targets = readTargets(positionals);
  const only = values.forms?.split(',');
  const missing = installToolChain();
  if (missing.length > 0) throw new BuildError(missing.join('\n'));
  for (const target of targets) {
    const forms = target.forms.filter((form) => only?.includes(form) ?? true);
    process.stdout.write(`== ${target.name}: ${forms.join(', ')}\n`);
    await build(target, forms);
  }
} catch (error) {
  if (!(error instanceof TargetError || error instanceof BuildError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = error instanceof TargetError ? 2 : 1;
}
