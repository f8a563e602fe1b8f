/**
 * `npm run bench [-- --json FILE] [-- --quick]`: what the product costs beside its peers, measured in the same run. CPU seconds, since the
 * clock on a shared machine says little.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { type Figure, show } from './figures.ts';
import { issuing } from './issuing.ts';
import { listing } from './listing.ts';
import { starting } from './starting.ts';

const { values } = parseArgs({ options: { json: { type: 'string' }, quick: { type: 'boolean', default: false } } });
const figures: readonly Figure[] = [...starting(), ...issuing(values.quick ? 100 : 1000), ...listing(values.quick ? 1000 : 10_000)];
show(figures);
if (values.json !== undefined) {
  writeFileSync(
    values.json,
    `${JSON.stringify({ date: new Date().toISOString(), node: process.version, quick: values.quick, figures }, null, 2)}\n`,
  );
}
