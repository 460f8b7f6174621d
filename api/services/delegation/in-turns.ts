/** Milliseconds that others wait at most: what asks the database asks several times. */
const longest = 10

/**
 * Rendering and reading is work of milliseconds per task: others are to be answered meanwhile.
 * @returns what is to be called after each piece of such work
 */
export function inTurns(): () => Promise<void> {
  let began = performance.now()
  return async () => {
    if (performance.now() - began < longest) return
    await new Promise((resolve) => setImmediate(resolve))
    began = performance.now()
  }
}
