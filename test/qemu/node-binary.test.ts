import { rmSync } from 'node:fs';
import { afterAll, describe, expect } from 'vitest';
import { newPath, run, testWith } from '../judges/run.ts';
import { Guest } from './guest.ts';

const emulated = testWith('qemu-aarch64', 'libraries-arm64');
const guest = new Guest('aarch64-unknown-linux-gnu');
const store = newPath();

afterAll(() => rmSync(store, { recursive: true, force: true }));

describe('Node and the program in one file, for arm64', () => {
  emulated('says its version', () => {
    expect(guest.run(guest.built('signet'), ['version']).text).toBe('signet 0.1.0\n');
  });

  emulated('makes a key by the addon in it', () => {
    const console = (line: string) => guest.run(guest.built('signet'), ['--store', store, '-c', line]).text;
    expect(console('/system resource print')).toMatch(/^ *key-generator: native$/m);
    console('/certificate add name=a common-name=a key-size=2048');
    console('/certificate sign a');
    expect(console('/certificate print')).toMatch(/^0 KAT +a /m);
  });

  testWith('readelf')('runs on glibc 2.28', () => {
    expect(run('readelf', ['--wide', '-V', guest.built('signet')]).text).not.toMatch(/GLIBC_2\.(?:29|[3-9]\d)/);
  });
});
