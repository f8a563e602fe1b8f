// `npm test`: every check this machine can run, one after another. `--all` adds what is for the night, `--only NAME[,NAME]` runs these alone.
import { checks, type Outcome } from './checks.ts';
import { installTools } from './install-tools.ts';
import { inCi } from './tools.ts';

const option = process.argv.indexOf('--only');
const only = option < 0 ? undefined : (process.argv[option + 1] ?? '').split(',');
const nightly = process.argv.includes('--all');
const chosen = checks.filter(({ name, when }) => (only === undefined ? when === 'always' || nightly : only.includes(name)));
if (chosen.length === 0) {
  process.stderr.write(`no such check; there are: ${checks.map(({ name }) => name).join(', ')}\n`);
  process.exit(2);
}

const total: Outcome = { passed: 0, failed: 0, skipped: 0, leftOut: [] };

function add(name: string, outcome: Outcome): void {
  total.passed += outcome.passed;
  total.failed += outcome.failed;
  total.skipped += outcome.skipped;
  total.leftOut.push(...outcome.leftOut.map((reason) => `${name}: ${reason}`));
}

const missing = installTools();
add('tools', { passed: 0, failed: 0, skipped: 0, leftOut: missing });
for (const { name, run } of chosen) {
  process.stdout.write(`\n== ${name}\n`);
  const start = performance.now();
  const outcome = await run();
  add(name, outcome);
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  const tried = outcome.passed + outcome.failed + outcome.skipped > 0;
  const word = outcome.failed > 0 ? 'FAILED' : outcome.leftOut.length > 0 ? 'left out' : tried ? 'ok' : 'NOT ANSWERED';
  process.stdout.write(`${word}: ${name}, ${seconds} s\n`);
}

// Where nothing may be left out, a reason is a failure; elsewhere it is a line to read.
const unexcused = inCi ? total.skipped + total.leftOut.length : 0;
process.stdout.write('\n');
for (const reason of total.leftOut) process.stdout.write(`left out: ${reason}\n`);
if (unexcused > 0) process.stdout.write(`nothing may be left out in CI: ${unexcused} counted as failed\n`);
process.stdout.write(`${total.passed} passed, ${total.failed + unexcused} failed, ${total.skipped} skipped\n`);
process.exitCode = total.failed + unexcused > 0 ? 1 : 0;
