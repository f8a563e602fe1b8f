import { defineConfig } from 'vitest/config';

// A whole Debian with systemd on an emulated CPU: `npm test -- --only 'debian package'`.
export default defineConfig({
  test: {
    include: ['test/qemu/debian/*.test.ts'],
    pool: 'forks',
    testTimeout: 600_000,
    hookTimeout: 600_000,
    env: { TEST_PATIENCE: '240000' },
  },
});
