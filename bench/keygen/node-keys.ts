/**
 * `node node-keys.ts openssl|forge keys BITS COUNT`: keys by Node's OpenSSL or by node-forge's own JavaScript, in a process of its own; one line of
 * JSON each with the CPU seconds of the thread. `modexp PRIME-BITS COUNT`: the mean of so many modular exponentiations, in one line.
 */
import { checkPrimeSync, generateKeyPairSync, generatePrimeSync } from 'node:crypto';
import forge from 'node-forge';

const [peer = '', what = '', bits = 0, count = 0] = process.argv.slice(2).map((word, i) => (i < 2 ? word : Number(word))) as [
  string?,
  string?,
  number?,
  number?,
];

const work: Readonly<Record<string, () => () => unknown>> = {
  'openssl keys': () => () => generateKeyPairSync('rsa', { modulusLength: bits }),
  // Composite without a small factor, so that trial division lets it pass and the first round of Miller-Rabin ends it.
  'openssl modexp': () => {
    const [p, q] = [generatePrimeSync(bits / 2, { bigint: true }), generatePrimeSync(bits / 2, { bigint: true })];
    return () => checkPrimeSync(p * q);
  },
  'forge keys': () => {
    // It would hand the work to Node's crypto otherwise; the package's types have left this out.
    Object.assign(forge, { options: { usePureJavaScript: true } });
    return () => forge.pki.rsa.generateKeyPair({ bits });
  },
  'forge modexp': () => {
    const number = (): forge.jsbn.BigInteger =>
      new forge.jsbn.BigInteger(`1${forge.util.bytesToHex(forge.random.getBytesSync(bits / 8 - 1))}1`, 16);
    const [base, modulus] = [number(), number()];
    return () => base.modPow(modulus, modulus);
  },
};

const run = work[`${peer} ${what}`]?.();
if (run === undefined) throw new Error(`${peer} ${what}: expected openssl or forge, keys or modexp`);
function timed(times: number): void {
  const start = process.threadCpuUsage();
  for (let i = 0; i < times; i++) run?.();
  const { user, system } = process.threadCpuUsage(start);
  console.log(JSON.stringify({ cpu: (user + system) / 1e6 / times }));
}

if (what === 'modexp') timed(count);
else for (let i = 0; i < count; i++) timed(1);
