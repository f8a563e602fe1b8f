import { defineConfig } from 'vitest/config';

// Apart from the other tests, because these need `npm run cross-build` first, and an emulated CPU takes minutes: `npm test -- --only qemu`.
export default defineConfig({
  test: {
    include: ['test/qemu/*.test.ts'],
    pool: 'forks',
    maxWorkers: '100%',
    testTimeout: 900_000,
    hookTimeout: 60_000,
  },
});
