import { describe, expect, it } from 'vitest';
import type { Machine } from '../../../src/platform/machine.ts';

/** What every host must tell of its machine. */
export function machineContract(make: () => Machine): void {
  describe('Machine', () => {
    it('names its architecture as RouterOS does', () => {
      expect(make().architecture).toMatch(/^(x86_64|arm64|mipsle)$/);
    });

    it('tells of its CPU and board in printable ASCII', () => {
      const { cpu, board, cpuCount } = make();
      expect(`${cpu}${board}`).toMatch(/^[ -~]*$/);
      expect(cpuCount).toBeGreaterThanOrEqual(1);
    });

    it('tells more memory and space in all than is free', () => {
      const machine = make();
      for (const [free, total] of [
        [machine.freeMemory(), machine.totalMemory()],
        [machine.freeSpace(), machine.totalSpace()],
      ] as const) {
        expect(Number.isSafeInteger(free)).toBe(true);
        expect(free).toBeGreaterThanOrEqual(0);
        expect(total).toBeGreaterThanOrEqual(free);
      }
    });

    it('counts whole seconds since its start', () => {
      const uptime = make().uptime();
      expect(Number.isSafeInteger(uptime)).toBe(true);
      expect(uptime).toBeGreaterThanOrEqual(0);
    });

    it('names its host and version', () => {
      expect(make().host).toMatch(/^[a-z]+ \d+\.\d+\.\d+$/);
    });
  });
}
