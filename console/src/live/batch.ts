/**
 * Gathers what comes in quick succession and hands it over together: at most one call per `ms`,
 * and none is late by more than that.
 */
export function batch<T>(
  handle: (items: T[]) => void,
  ms: number,
): { add: (item: T) => void; stop: () => void } {
  let items: T[] = []
  let timer: ReturnType<typeof setTimeout> | undefined
  const flush = () => {
    timer = undefined
    const taken = items
    items = []
    handle(taken)
  }
  return {
    add(item) {
      items.push(item)
      timer ??= setTimeout(flush, ms)
    },
    stop() {
      clearTimeout(timer)
      timer = undefined
      items = []
    },
  }
}
