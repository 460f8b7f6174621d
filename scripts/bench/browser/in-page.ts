/**
 * What runs in the page, as text: this side of the product knows no browser's types. Each is an
 * expression that makes a function, or a promise.
 */

/** Stamps when cards, or bare lines, were on screen and the main thread free for input (ms). */
export const stampUse = `(() => {
  const look = () => {
    if (document.querySelector('[data-id]') === null) return requestAnimationFrame(look)
    // The frame that shows them, then whatever waits behind it.
    requestAnimationFrame(() => setTimeout(() => {
      document.documentElement.dataset.usable = String(performance.now())
    }))
  }
  requestAnimationFrame(look)
})()`

/**
 * Keeps what the browser says of input: when it came, and how long it took until the next frame
 * was presented, in steps of 8 ms.
 */
export const watchInput = `(() => {
  window.inputs = []
  new PerformanceObserver((list) => window.inputs.push(...list.getEntries()))
    .observe({ type: 'event', durationThreshold: 16 })
})()`

/** How long the browser took to present what an input led to (ms); 0 where it was under 16. */
export const presented = (type: string, at: number) => `new Promise((resolve) => {
  // Told of by the browser a frame or two later.
  setTimeout(() => {
    const mine = window.inputs.filter(({ name, startTime }) =>
      name === '${type}' && Math.abs(performance.timeOrigin + startTime - ${at}) < 2)
    resolve(Math.max(0, ...mine.map(({ duration }) => duration)))
  }, 150)
})`

export const loadTimes = `({
  paint: performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0,
  usable: Number(document.documentElement.dataset.usable),
  scripts: performance.getEntriesByType('resource')
    .map(({ name }) => name)
    .filter((name) => name.endsWith('.js')),
})`

/** A card that can move to this column, with the focus on it; answers its id. */
export const focusCard = (status: string) => `(() => {
  const others = ':not([data-status="${status}"]):not([data-status="blocked"])'
  const card = document.querySelector('.cards' + others + ' .card[data-id]')
  card.querySelector('[data-focus^="open"]').focus()
  return Number(card.dataset.id)
})()`

/** Puts the focus on the first card that is drawn in this column; answers its id. */
export const focusFirst = (status: string) => `(() => {
  const card = document.querySelector('.cards[data-status="${status}"] .card[data-id]')
  card.querySelector('[data-focus^="open"]').focus()
  return Number(card.dataset.id)
})()`

/** When the next input of this type came, on the clock that windows share (ms). */
export const whenInput = (type: string) => `new Promise((resolve) => {
  document.addEventListener('${type}', ({ timeStamp }) => {
    resolve(performance.timeOrigin + timeStamp)
  }, { capture: true, once: true })
})`

/**
 * When a frame was drawn that shows a card in a column, or counts it there where it is too far down
 * to be drawn.
 */
export const whenIn = (id: number, status: string) => `new Promise((resolve) => {
  const count = () => document.querySelector('#column-${status}').textContent
  const before = count()
  const look = () => {
    const card = document.querySelector('.cards[data-status="${status}"] .card[data-id="${id}"]')
    if (card === null && count() === before) return requestAnimationFrame(look)
    const channel = new MessageChannel()
    channel.port1.onmessage = () => resolve(performance.timeOrigin + performance.now())
    channel.port2.postMessage(null)
  }
  requestAnimationFrame(look)
})`

/** Scrolls an element down and up again for \`ms\`, as far per frame as a wheel does. */
export const scrolling = (selector: string, ms: number) => `new Promise((resolve) => {
  const element = document.querySelector('${selector}')
  const perFrame = 24
  const gaps = []
  let down = true
  let began
  let last
  const step = (now) => {
    if (began === undefined) began = now
    else gaps.push(now - last)
    last = now
    if (now - began >= ${ms}) {
      const inOrder = gaps.toSorted((a, b) => a - b)
      return resolve({
        perSecond: (gaps.length * 1000) / (now - began),
        slow: inOrder[Math.floor(inOrder.length * 0.95)],
        longest: inOrder.at(-1),
      })
    }
    const end = element.scrollHeight - element.clientHeight
    if (element.scrollTop >= end - 1) down = false
    if (element.scrollTop <= 1) down = true
    element.scrollTop += down ? perFrame : -perFrame
    requestAnimationFrame(step)
  }
  requestAnimationFrame(step)
})`
