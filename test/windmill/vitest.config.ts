import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

/** The conformance suite alone, against the server that WINDMILL_BASE_URL names, if it names one. */
export default defineConfig({
  root: fileURLToPath(new URL('../..', import.meta.url)),
  test: {
    include: ['test/windmill/**/*.test.ts'],
    globalSetup: ['test/support/global-setup.ts'],
    pool: 'forks',
    maxWorkers: 1,
    maxConcurrency: 8,
    // A server may have one worker, and look up packages first.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    env: { DATABASE_URL: '', DEVGODZILLA_DATA_DIR: '' },
  },
})
