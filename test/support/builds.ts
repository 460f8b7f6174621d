import { fileURLToPath } from 'node:url'

/**
 * Where builds of the product's own scripts are kept from test to test, and from run to run: one takes
 * half a second. As everywhere, what was not used for a week goes.
 */
export const buildsDir = fileURLToPath(
  new URL('../../node_modules/.cache/devgodzilla-builds', import.meta.url),
)
