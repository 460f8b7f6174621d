import type { Message, Tabs, TabsMember } from './hub.ts'

const name = 'devgodzilla.live'
/** A hidden tab gives the connection back, at once where another one wants it. */
const hiddenMs = 60_000
/** A leader that is not heard for so long may be frozen; it is asked, and has so long to answer. */
const silenceMs = 40_000
const answerMs = 3_000

/**
 * Lets one of the tabs that are looked at lead. Where the browser has no locks, as outside of
 * secure contexts, each tab leads for itself.
 */
export function takeTurns(member: TabsMember): Tabs {
  const locks: LockManager | undefined = navigator.locks
  const channel = new BroadcastChannel(name)
  const tell = (message: Message) => channel.postMessage(message)
  let leading = false
  let left = false
  let release = () => {}
  let waiting: AbortController | undefined
  let hiding: ReturnType<typeof setTimeout> | undefined
  let doubt: ReturnType<typeof setTimeout> | undefined

  const lead = () => {
    leading = true
    clearTimeout(doubt)
    member.lead(tell)
  }
  const giveUp = () => {
    if (!leading) return
    leading = false
    member.yield()
    release()
  }
  const want = (steal = false) => {
    if (leading || left || (waiting && !steal)) return
    if (locks === undefined) return lead()
    waiting?.abort()
    const asked = new AbortController()
    waiting = asked
    const held = () => {
      if (waiting === asked) waiting = undefined
      lead()
      return new Promise<void>((done) => {
        release = done
      })
    }
    locks.request(name, steal ? { steal } : { signal: asked.signal }, held).catch(() => {
      // Given up waiting, or the lock was taken by a tab that heard nothing from this one.
      if (waiting === asked) waiting = undefined
      if (!asked.signal.aborted) {
        giveUp()
        look()
      }
    })
    if (!steal) ask()
  }
  const ask = () => {
    tell({ kind: 'hello' })
    clearTimeout(doubt)
    doubt = setTimeout(() => !document.hidden && want(true), answerMs)
  }
  const othersWait = async () =>
    (await locks?.query())?.pending?.some((lock) => lock.name === name) ?? false

  const look = () => {
    clearTimeout(hiding)
    if (!document.hidden) {
      want()
      if (!leading) ask()
      return
    }
    waiting?.abort()
    waiting = undefined
    clearTimeout(doubt)
    hiding = setTimeout(giveUp, hiddenMs)
    void othersWait().then((wanted) => document.hidden && wanted && giveUp())
  }

  channel.addEventListener('message', ({ data }: MessageEvent<Message>) => {
    if (data.kind === 'hello') {
      if (leading) tell({ kind: 'here', ...member.place() })
      return
    }
    if (leading) return
    clearTimeout(doubt)
    if (!document.hidden) doubt = setTimeout(ask, silenceMs)
    member.hear(data)
  })
  document.addEventListener('visibilitychange', look)
  look()

  return {
    leave() {
      left = true
      document.removeEventListener('visibilitychange', look)
      clearTimeout(hiding)
      clearTimeout(doubt)
      waiting?.abort()
      giveUp()
      channel.close()
    },
  }
}
