import { join } from 'node:path';
import type { Figure } from './figures.ts';
import { type Cost, measure, textFile, withFolder } from './measure.ts';
import { signet } from './signet.ts';

const repeats = 10;

/** Commands over a store of `count` certificates: what one costs is the difference between running it often and not at all. */
export function listing(count: number): readonly Figure[] {
  return withFolder((folder) => {
    const store = join(folder, 'store');
    measure(signet(store, 'run', textFile(folder, 'fill.rsc', fill(count))));
    const cost = (name: string, lines: readonly string[]): Cost =>
      measure(signet(store, 'run', textFile(folder, `${name}.rsc`, lines.join('\n'))));
    const nothing = cost('nothing', [':put ""']);
    return Object.entries({
      'print where common-name~"7.example"': '/certificate/print where common-name~"7\\\\.example"',
      'find common-name=c77.example.com': ':put [:len [/certificate/find common-name=c77.example.com]]',
      'print count-only': '/certificate/print count-only',
    }).flatMap(([name, line]) => {
      const often = cost(
        'often',
        Array.from({ length: repeats }, () => line),
      );
      const once = cost('once', [line]);
      return [
        { name: `${name} over ${count} certificates, CPU`, value: ((often.cpu - nothing.cpu) / repeats) * 1000, unit: 'ms', bar: '<= 150' },
        { name: `  growth of memory`, value: once.memory - nothing.memory, unit: 'MB', bar: '<= 20' },
      ];
    });
  });
}

function fill(count: number): string {
  const lines = ['/certificate', 'add name=ca common-name=ca key-size=prime256v1 key-usage=key-cert-sign,crl-sign', 'sign ca'];
  for (let i = 0; i < count; i++) lines.push(`add name=c${i} common-name=c${i}.example.com key-size=prime256v1`, `sign c${i} ca=ca`);
  return lines.join('\n');
}
