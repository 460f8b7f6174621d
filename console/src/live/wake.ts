const every = 5_000
const slept = 20_000

/** Tells when the machine or the page wakes, or the network is back: a connection may be dead. */
export function onWake(woken: () => void): () => void {
  let last = Date.now()
  const timer = setInterval(() => {
    const gap = Date.now() - last
    last = Date.now()
    // Timers of hidden pages are slow without anybody having slept.
    if (gap > slept && !document.hidden) woken()
  }, every)
  const looked = () => {
    last = Date.now()
  }
  const shown = (event: PageTransitionEvent) => event.persisted && woken()
  document.addEventListener('visibilitychange', looked)
  window.addEventListener('online', woken)
  window.addEventListener('pageshow', shown)
  return () => {
    clearInterval(timer)
    document.removeEventListener('visibilitychange', looked)
    window.removeEventListener('online', woken)
    window.removeEventListener('pageshow', shown)
  }
}
