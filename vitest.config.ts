import { defineConfig } from 'vitest/config'
import { SlowestFirst } from './test/support/slowest-first.ts'

/**
 * They bring what they need and leave nothing behind, so that files share a process, which saves
 * loading the product for each. Those that keep a browser or the processor busy for long do not.
 */
const shared = [
  'test/{api,console}/**/!(*.e2e|fuzz|hostile-input).test.{ts,tsx}',
  'test/f/**/!(killed|execute|claude|codex).test.ts',
  'test/scripts/**/!(durable|start|build|scripts).test.ts',
]

export default defineConfig({
  test: {
    globalSetup: ['test/support/global-setup.ts'],
    pool: 'forks',
    maxWorkers: 2,
    sequence: { sequencer: SlowestFirst },
    // Generous: what is slow is seen in the report, and a busy machine fails no test.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 10_000 } },
    teardownTimeout: 20_000,
    // What belongs to the developer's own installation must not reach a test.
    env: {
      DATABASE_URL: '',
      DEVGODZILLA_DATA_DIR: '',
      WINDMILL_BASE_URL: '',
      DEVGODZILLA_CALLBACK_HOST: '',
    },
    projects: [
      { extends: true, test: { name: 'shared', include: shared, isolate: false } },
      {
        extends: true,
        test: { name: 'alone', include: ['test/**/*.test.{ts,tsx}'], exclude: shared },
      },
    ],
  },
})
