import { expect } from 'vitest';
import { checkDocuments, checkFile } from '../../crash/whole.ts';
import { opensslKey } from '../../judges/openssl.ts';
import { fileOf, run } from '../../judges/run.ts';
import { openIn } from '../../store/open-in.ts';
import type { Machine, Start } from './machine.ts';

const password = 'correct horse';
const rounds = 20;

/** What the router had said by the time that so much of what it wrote was recorded. */
export interface Acknowledged {
  readonly name: string;
  readonly recorded: number;
}

/** Puts templates and a CA on a new router, and switches it off. Answers the files that are to be there when it is started again. */
export async function prepareCuts(machine: Machine, start: Start): Promise<Record<string, string>> {
  await machine.start({ ...start, shell: true });
  await machine.choosePassword(password);
  await machine.command('/certificate');
  for (const name of ['root', ...Array.from({ length: rounds }, (_, n) => `signed-${n}`)])
    await machine.command(`add name=${name} common-name=${name} key-size=prime256v1`);
  await machine.command('sign root');
  await machine.shell.run('sync');
  await machine.cut();
  const names = Array.from({ length: rounds }, (_, n) => `imported-${n}`);
  return Object.fromEntries(names.map((name) => [`var/lib/signet/files/${name}.pem`, selfSigned(name)]));
}

/** Signs and imports, once somebody has logged in; `recorded` says how much of what was written is recorded. */
export async function signAndImport(machine: Machine, recorded: () => number): Promise<Acknowledged[]> {
  const acknowledged: Acknowledged[] = [];
  await machine.command('/certificate');
  for (let n = 0; n < rounds; n++) {
    expect(await machine.command(`sign signed-${n} ca=root`)).toContain('progress: done');
    acknowledged.push({ name: `signed-${n}`, recorded: recorded() });
    expect(await machine.command(`import file-name=imported-${n}.pem name=imported-${n} passphrase=""`)).toContain(
      'certificates-imported: 1',
    );
    acknowledged.push({ name: `imported-${n}`, recorded: recorded() });
  }
  return acknowledged;
}

export function logInForCuts(machine: Machine): Promise<void> {
  return machine.logIn('admin', password);
}

/** Throws unless the store in a folder opens, is whole, and has, with their keys, what was acknowledged. */
export async function checkCut(store: string, acknowledged: readonly string[]): Promise<void> {
  const opened = await openIn(store);
  try {
    const withKey = new Set<string>();
    for (const { name, contents } of opened.certificates.all()) if (contents?.privateKeyId !== undefined) withKey.add(name);
    const gone = acknowledged.filter((name) => !withKey.has(name));
    if (gone.length > 0) throw new Error(`acknowledged and gone: ${gone.join(', ')}`);
    checkDocuments(opened);
  } finally {
    opened.close();
  }
  checkFile(store);
}

/** A key and its own certificate, as PEM. */
function selfSigned(name: string): string {
  const key = opensslKey('EC', 'ec_paramgen_curve:P-256');
  return `${key}${run('openssl', ['req', '-x509', '-new', '-key', fileOf(key, '.pem'), '-subj', `/CN=${name}`, '-days', '3650']).text}`;
}
