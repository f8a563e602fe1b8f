import { join } from 'node:path';
import type { Figure } from './figures.ts';
import { measure, secondsInSync, textFile, withFolder } from './measure.ts';
import { signet } from './signet.ts';

/** `count` P-256 certificates by one script, each command durable, beside as many pairs of openssl commands. */
export function issuing(count: number): readonly Figure[] {
  return withFolder((folder) => {
    const ours = ourCost(folder, count);
    const theirs = opensslCost(folder, count);
    return [
      { name: `${count} P-256 certificates by one script, CPU`, value: ours.cpu, unit: 's' },
      { name: `  of which starting and making the CA`, value: ours.start, unit: 's' },
      { name: `  wall clock`, value: ours.elapsed, unit: 's' },
      { name: `  wall clock in fsync and fdatasync (${ours.calls} calls)`, value: ours.sync, unit: 's' },
      { name: `${count} pairs of openssl req -new and openssl x509 -req, CPU`, value: theirs, unit: 's' },
      { name: `  theirs / ours`, value: theirs / ours.cpu, unit: 'x', bar: '>= 5' },
    ];
  });
}

/** Of a script: a CA on P-256. */
export const caLines = ['/certificate', 'add name=ca common-name=ca key-size=prime256v1 key-usage=key-cert-sign,crl-sign', 'sign ca'];

function certificateLines(count: number): string[] {
  return Array.from({ length: count }, (_, i) => [
    `add name=c${i} common-name=c${i}.example.com key-size=prime256v1`,
    `sign c${i} ca=ca`,
  ]).flat();
}

function ourCost(folder: string, count: number): { cpu: number; start: number; elapsed: number; sync: number; calls: number } {
  const whole = textFile(folder, 'whole.rsc', [...caLines, ...certificateLines(count)].join('\n'));
  const begin = textFile(folder, 'begin.rsc', caLines.join('\n'));
  const run = measure(signet(join(folder, 'a'), 'run', whole));
  const start = measure(signet(join(folder, 'b'), 'run', begin));
  const { seconds, calls } = secondsInSync(signet(join(folder, 'c'), 'run', whole));
  return { cpu: run.cpu, start: start.cpu, elapsed: run.elapsed, sync: seconds, calls };
}

function opensslCost(folder: string, count: number): number {
  const ca =
    'openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=ca -keyout ca.key -out ca.crt -days 365 2>/dev/null';
  const pair =
    'openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=c$i.example.com -keyout c$i.key -out c$i.csr 2>/dev/null; ' +
    'openssl x509 -req -in c$i.csr -CA ca.crt -CAkey ca.key -days 365 -out c$i.crt 2>/dev/null';
  measure(['sh', '-c', ca], { cwd: folder });
  return measure(['sh', '-ec', `i=0; while [ $i -lt ${count} ]; do ${pair}; i=$((i+1)); done`], { cwd: folder }).cpu;
}
