import { defineConfig } from 'vitest/config'
import { SlowestFirst } from './test/support/slowest-first.ts'

export default defineConfig({
  test: {
    include: ['test/**/*.test.{ts,tsx}'],
    globalSetup: ['test/support/global-setup.ts'],
    pool: 'forks',
    maxWorkers: 2,
    sequence: { sequencer: SlowestFirst },
    // Generous: what is slow is seen in the report, and a busy machine fails no test.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    teardownTimeout: 20_000,
    // What belongs to the developer's own installation must not reach a test.
    env: {
      DATABASE_URL: '',
      DEVGODZILLA_DATA_DIR: '',
      WINDMILL_BASE_URL: '',
      DEVGODZILLA_CALLBACK_HOST: '',
    },
  },
})
