import { mkdirSync, readFileSync } from 'node:fs';
import { fileOf, newPath, run } from './run.ts';

/** An empty NSS database without a password. */
function database(): string[] {
  const folder = newPath();
  mkdirSync(folder);
  run('certutil', ['-N', '--empty-password', '-d', `sql:${folder}`]);
  return ['-d', `sql:${folder}`];
}

/** Has NSS import a PKCS#12 file into an empty database; answers certutil's list of names. Throws where NSS can't read the file. */
export function nssImport(file: Uint8Array, passphrase: string): string {
  const place = database();
  run('pk12util', ['-i', fileOf(file, '.p12'), '-W', passphrase, ...place]);
  return run('certutil', ['-L', ...place]).text;
}

/** A PKCS#12 file of NSS' made from another one; `options` such as `-c`, `-C`, `-M` choose its ciphers. */
export function nssRewrite(file: Uint8Array, passphrase: string, name: string, options: readonly string[] = []): Uint8Array {
  const place = database();
  run('pk12util', ['-i', fileOf(file, '.p12'), '-W', passphrase, ...place]);
  const out = newPath('.p12');
  run('pk12util', ['-o', out, '-n', name, '-W', passphrase, ...options, ...place]);
  return new Uint8Array(readFileSync(out));
}
