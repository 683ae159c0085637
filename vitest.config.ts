import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: [
      'common/**/*.test.ts',
      'api-client/**/*.test.ts',
      'dashboard/**/*.test.ts',
      'cluster-runtime/**/*.test.ts',
      'client/**/*.test.ts',
      'media/**/*.test.ts',
      'server/**/*.test.ts',
      'test/**/*.test.ts',
    ],
    setupFiles: ['test/support/propertySeed.ts'],
    // Half of the time tests wait for programs that they have started.
    maxWorkers: '100%',
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // A busy machine takes its time; what never comes fails all the same.
    expect: { poll: { timeout: 15_000 } },
  },
});
