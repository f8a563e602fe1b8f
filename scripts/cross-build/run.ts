// `npm run cross-build -- [target ...] [--forms FORM,FORM]`: builds for other machines into dist/<target>/, by default all forms and packages of
// all targets.
import { parseArgs } from 'node:util';
import { BuildError, build, formsOf, sizesOf } from './build.ts';
import { readTargets, TargetError } from './targets.ts';
import { installToolChain } from './tool-chain.ts';

try {
  const { positionals, values } = parseArgs({ allowPositionals: true, options: { forms: { type: 'string' } } });
  const targets = readTargets(positionals);
  const only = values.forms?.split(',');
  const known = [...new Set(readTargets().flatMap(formsOf))];
  const unknown = only?.filter((form) => !known.some((each) => each === form)) ?? [];
  if (unknown.length > 0) throw new TargetError(`no such form: ${unknown.join(', ')}; there are: ${known.join(', ')}`);
  const missing = installToolChain();
  if (missing.length > 0) throw new BuildError(missing.join('\n'));
  for (const target of targets) {
    const forms = formsOf(target).filter((form) => only?.includes(form) ?? true);
    process.stdout.write(`== ${target.name}: ${forms.join(', ')}\n`);
    await build(target, forms);
  }
  for (const target of targets) process.stdout.write(`\n${sizesOf(target, only === undefined)}`);
} catch (error) {
  if (!(error instanceof TargetError || error instanceof BuildError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = error instanceof TargetError ? 2 : 1;
}
