import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Machine } from '../../../src/platform/machine.ts';
import { canMount, withTmpfs } from '../tmpfs.ts';

/** What every host must tell of its machine, with the space of the file system that holds the folder `store`. */
export function machineContract(make: (store: string) => Machine): void {
  describe('Machine', () => {
    it('names its architecture as RouterOS does', () => {
      expect(make(tmpdir()).architecture).toMatch(/^(x86_64|arm64|mipsle)$/);
    });

    it('tells of its CPU and board in printable ASCII', () => {
      const { cpu, board, cpuCount } = make(tmpdir());
      expect(`${cpu}${board}`).toMatch(/^[ -~]*$/);
      expect(cpuCount).toBeGreaterThanOrEqual(1);
    });

    it('tells more memory and space in all than is free', () => {
      const machine = make(tmpdir());
      for (const [free, total] of [
        [machine.freeMemory(), machine.totalMemory()],
        [machine.freeSpace(), machine.totalSpace()],
      ] as const) {
        expect(Number.isSafeInteger(free)).toBe(true);
        expect(free).toBeGreaterThanOrEqual(0);
        expect(total).toBeGreaterThanOrEqual(free);
      }
    });

    it('has room in its memory', () => {
      expect(make(tmpdir()).isCrowded()).toBe(false);
    });

    it.runIf(canMount)('tells the space of the file system that holds the store', () =>
      withTmpfs('size=256k', async (folder) => {
        const machine = make(folder);
        expect(machine.totalSpace()).toBe(262_144);
        writeFileSync(join(folder, 'a'), Buffer.alloc(65_536));
        expect(machine.freeSpace()).toBe(262_144 - 65_536);
      }),
    );

    it('counts whole seconds since its start', () => {
      const uptime = make(tmpdir()).uptime();
      expect(Number.isSafeInteger(uptime)).toBe(true);
      expect(uptime).toBeGreaterThanOrEqual(0);
    });

    it('names its host and version', () => {
      expect(make(tmpdir()).host).toMatch(/^[a-z]+ \d+\.\d+\.\d+$/);
    });
  });
}
