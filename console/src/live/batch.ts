export interface Batch<T> {
  add: (item: T) => void
  stop: () => void
}

/**
 * Gathers what comes in quick succession. The first item after a quiet time is handed over at
 * once, what follows it together: at most one call per `ms`, and nothing is late by more than that.
 */
export function batch<T>(handle: (items: T[]) => void, ms: number): Batch<T> {
  let items: T[] = []
  let timer: ReturnType<typeof setTimeout> | undefined
  const flush = () => {
    timer = undefined
    if (items.length === 0) return
    const taken = items
    items = []
    timer = setTimeout(flush, ms)
    handle(taken)
  }
  return {
    add(item) {
      items.push(item)
      if (timer === undefined) flush()
    },
    stop() {
      clearTimeout(timer)
      timer = undefined
      items = []
    },
  }
}
