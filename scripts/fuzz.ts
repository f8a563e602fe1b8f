// `npm run fuzz -- [--seconds N] [target ...]`: coverage-guided fuzzing of what reads foreign bytes, all targets by default.
import { parseArgs } from 'node:util';
import { fuzzAll, fuzzTargets } from './fuzzing.ts';

const { values, positionals } = parseArgs({ options: { seconds: { type: 'string', default: '60' } }, allowPositionals: true });
const known = fuzzTargets();
const unknown = positionals.filter((name) => !known.includes(name));
if (unknown.length > 0) {
  process.stderr.write(`no such target: ${unknown.join(', ')}; there are: ${known.join(', ')}\n`);
  process.exit(2);
}
const results = await fuzzAll(positionals.length > 0 ? positionals : known, Number(values.seconds));
process.exitCode = results.some(({ found }) => found) ? 1 : 0;
