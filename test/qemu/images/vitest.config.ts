import { defineConfig } from 'vitest/config';

// Whole machines, one at a time: each emulates a CPU at its full load. `npm run test:qemu`.
export default defineConfig({
  test: {
    include: ['test/qemu/images/**/*.test.ts'],
    pool: 'forks',
    fileParallelism: false,
    testTimeout: 1_800_000,
    hookTimeout: 300_000,
    env: { TEST_PATIENCE: '120000' },
  },
});
