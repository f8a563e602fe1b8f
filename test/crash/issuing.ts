import { type Certificates, certificatesOf } from '../../src/certificates/certificates.ts';
import { silentJob } from '../../src/job/job.ts';
import type { Databases } from '../../src/platform/database.ts';
import { NodeClock } from '../../src/platform/node/clock.ts';
import { NodeCrypto } from '../../src/platform/node/crypto.ts';
import { NodeRandom } from '../../src/platform/node/random.ts';
import { StoreError } from '../../src/store/errors.ts';
import type { Store } from '../../src/store/store.ts';
import { openIn } from '../store/open-in.ts';
import { newKey } from '../x509/keys.ts';
import { arrivals, passphrase } from './arrivals.ts';
import { checkDocuments, checkFile, given } from './whole.ts';
import type { Workload } from './workload.ts';

interface Command {
  readonly run: (certificates: Certificates) => unknown;
  /** What print shows once it is done, by what it showed before. */
  readonly after: (shown: readonly string[]) => readonly string[];
}

const rounds = 8;

/** How many commands a run gives. */
const commandsOfRun = 6;

/**
 * Templates signed by themselves and by a CA, a PKCS#12 file imported with its chain, a request answered, a certificate revoked, a CA
 * removed with what it issued: always in this order, so that after a cut print shows what it showed before one of them, or after it.
 * The acknowledgement is how many are done.
 */
export const workload: Workload = {
  async prepare(folder, databases) {
    const { store, certificates } = await open(folder, databases);
    await issue(certificates, 'root');
    for (let n = 1; n <= rounds; n++) {
      for (const name of [`own-${n}`, `signed-${n}`]) certificates.add({ name, ...given(name) });
      await issue(certificates, `sub-${n}`, 'root');
      await issue(certificates, `leaf-${n}`, `sub-${n}`);
    }
    store.close();
  },

  async run(folder, databases, acknowledge) {
    const { store, certificates } = await open(folder, databases);
    const first = states.indexOf(shownBy(certificates));
    const failures: StoreError[] = [];
    for (const [index, { run }] of commands.slice(first, first + commandsOfRun).entries()) {
      try {
        await run(certificates);
      } catch (error) {
        if (!(error instanceof StoreError)) throw error;
        failures.push(error);
        if (shownBy(certificates) !== states[first + index])
          throw new Error(`command ${first + index + 1} failed and changed something`, { cause: error });
        if (error.code !== 'full' || failures.length > 1) break;
        // As the message advises: there is room again.
        await run(certificates);
      }
      acknowledge(String(first + index + 1));
    }
    store.close();
    for (const failure of failures) throw failure;
  },

  async check(folder, acknowledged) {
    const least = Number(acknowledged.at(-1) ?? 0);
    const router = await open(folder);
    try {
      checkProgress(shownBy(router.certificates), least);
      checkDocuments(router.store);
      // What is there must also be of use.
      await issue(router.certificates, 'checked', 'root');
      router.certificates.remove([idOf(router.certificates, 'checked')]);
    } finally {
      router.store.close();
    }
    checkFile(folder);
  },
};

const commands: readonly Command[] = Array.from({ length: rounds }, (_, round) => commandsOf(round + 1)).flat();

function commandsOf(n: number): readonly Command[] {
  return [
    {
      run: (certificates) => certificates.sign(idOf(certificates, `own-${n}`), { caCrlHosts: ['crl.example'] }, silentJob),
      after: (shown) => [...without(shown, `own-${n}`), `own-${n}: private-key crl authority trusted`],
    },
    {
      run: (certificates) => certificates.sign(idOf(certificates, `signed-${n}`), { ca: idOf(certificates, 'root') }, silentJob),
      after: (shown) => [...without(shown, `signed-${n}`), `signed-${n}: private-key authority of root`],
    },
    {
      run: (certificates) => certificates.importFile({ fileName: 'chain.p12', name: `imported-${n}`, passphrase }, silentJob),
      after: (shown) => [...shown, `imported-${n}: private-key trusted`, `imported-${n}_1: trusted`, `imported-${n}_2: trusted`],
    },
    {
      run: (certificates) => certificates.signRequest({ fileName: 'request.csr', ca: idOf(certificates, 'root') }, silentJob),
      after: (shown) => [...shown, `issued_${n}: issued of root`],
    },
    {
      run: (certificates) => certificates.revoke([idOf(certificates, `signed-${n}`)], 'key-compromise'),
      after: (shown) =>
        shown.map((line) => (line.startsWith(`signed-${n}:`) ? `signed-${n}: private-key authority revoked of root` : line)),
    },
    {
      run: (certificates) => certificates.remove([idOf(certificates, `sub-${n}`)]),
      after: (shown) => without(without(shown, `sub-${n}`), `leaf-${n}`),
    },
  ];
}

/** A line an item, in the order of print, after no command, one, two …. */
const states: readonly string[] = expectedStates();

function expectedStates(): string[] {
  const initial = Array.from({ length: rounds }, (_, round) => round + 1).flatMap((n) => [
    `own-${n}: template`,
    `signed-${n}: template`,
    `sub-${n}: private-key authority of root`,
    `leaf-${n}: private-key authority of sub-${n}`,
  ]);
  let shown: readonly string[] = ['root: private-key authority trusted', ...initial];
  return [
    shown.join('\n'),
    ...commands.map(({ after }) => {
      shown = after(shown);
      return shown.join('\n');
    }),
  ];
}

function without(shown: readonly string[], name: string): string[] {
  return shown.filter((line) => !line.startsWith(`${name}:`));
}

function shownBy(certificates: Certificates): string {
  return Array.from(certificates.list(), ({ name, kind, flags, ca }) => {
    const set = Object.entries(flags).flatMap(([flag, is]) => (is ? [flag] : []));
    return `${name}: ${[...(kind === 'template' ? [kind] : []), ...set, ...(ca === undefined ? [] : ['of', ca])].join(' ')}`;
  }).join('\n');
}

/** What was acknowledged is done, the next command as a whole or not at all, and none after it. */
function checkProgress(shown: string, least: number): void {
  if (shown === states[least] || shown === states[least + 1]) return;
  const found = states.indexOf(shown);
  if (found < 0) throw new Error(`a command is done in part:\n${shown}\ninstead of\n${states[least]}`);
  throw new Error(found < least ? `command ${least} was acknowledged and is gone` : `command ${found} is done and was not begun`);
}

interface Router {
  readonly store: Store;
  readonly certificates: Certificates;
}

async function open(folder: string, databases?: Databases): Promise<Router> {
  const store = await openIn(folder, databases === undefined ? {} : { databases });
  const certificates = certificatesOf({
    store,
    files: arrivals,
    clock: new NodeClock(),
    crypto: new NodeCrypto(),
    random: new NodeRandom(),
    keyGenerator: { name: 'test', expectedSeconds: async () => 0, generate: async () => newKey('prime256v1') },
    builtAt: 0,
    log: () => undefined,
  });
  return { store, certificates };
}

/** Makes a template and signs it, undisturbed. */
async function issue(certificates: Certificates, name: string, ca?: string): Promise<void> {
  const template = certificates.add({ name, ...given(name) });
  await certificates.sign(template, ca === undefined ? {} : { ca: idOf(certificates, ca) }, silentJob);
}

function idOf(certificates: Certificates, name: string): number {
  const item = certificates.withName(name);
  if (item === undefined) throw new Error(`${name} is gone`);
  return item.id;
}
