/** A window that is not looked at paints nothing. */
const longest = 100

/**
 * Resolves when what has just changed is on the screen: a call that is sent before takes from the
 * time until then.
 */
export function painted(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, longest)
    requestAnimationFrame(() => setTimeout(resolve))
  })
}
