import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

/** The tests that need nothing but the sources: no database is started for them. */
export default defineConfig({
  root: fileURLToPath(new URL('../..', import.meta.url)),
  test: { include: ['test/architecture.test.ts'], testTimeout: 60_000 },
})
