import { defineConfig } from 'vitest/config';

// Apart from the other tests, because these need the programs that SIGNET_GUEST and SIGNET_PROGRAM name, and an emulated CPU takes minutes. What
// waits for them waits longer here, too.
export default defineConfig({
  test: {
    include: ['test/compact/*.test.ts'],
    exclude: ['test/compact/remote.test.ts'],
    pool: 'forks',
    maxWorkers: '100%',
    testTimeout: 900_000,
    hookTimeout: 900_000,
    env: { TEST_PATIENCE: '600000' },
  },
});
