export interface Rested {
  /** Does it now, or once more when it has ended and rested; however often it is asked for. */
  ask: () => void
  stop: () => void
}

/** Does the same work again and again as it is asked for, never twice at once nor without a rest. */
export function restBetween(work: () => Promise<unknown>, ms: number): Rested {
  let state: 'idle' | 'busy' | 'stopped' = 'idle'
  let asked = false
  let timer: ReturnType<typeof setTimeout> | undefined
  const begin = () => {
    asked = false
    state = 'busy'
    const rest = () => {
      if (state !== 'stopped') timer = setTimeout(rested, ms)
    }
    work().then(rest, rest)
  }
  const rested = () => {
    state = 'idle'
    if (asked) begin()
  }
  return {
    ask() {
      asked = true
      if (state === 'idle') begin()
    },
    stop() {
      state = 'stopped'
      clearTimeout(timer)
    },
  }
}
