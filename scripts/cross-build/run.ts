// `npm run cross-build -- [target ...]`: builds for other machines into dist/<target>/, all targets by default.
import { BuildError, build } from './build.ts';
import { readTargets, TargetError } from './targets.ts';
import { installToolChain } from './tool-chain.ts';

try {
  const targets = readTargets(process.argv.slice(2));
  const missing = installToolChain();
  if (missing.length > 0) throw new BuildError(missing.join('\n'));
  for (const target of targets) {
    process.stdout.write(`== ${target.name}: ${target.forms.join(', ')}\n`);
    await build(target);
  }
} catch (error) {
  if (!(error instanceof TargetError || error instanceof BuildError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = error instanceof TargetError ? 2 : 1;
}
