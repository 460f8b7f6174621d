import { useEffect, useEffectEvent, useState } from 'react'

export interface LogPage {
  lines: readonly LogLine[]
  /** Where the next read goes on. */
  next: number
  /** More is there already. */
  more: boolean
}
export interface LogLine {
  text: string
  tone?: 'error' | 'note'
  /** Shown before the text, such as a time. */
  at?: string
}

interface Log {
  /** Which log, at which try. */
  place: string
  lines: readonly LogLine[]
  /** All that there was has been read at least once. */
  read: boolean
  error: Error | null
}

const nothing: Log = { place: '', lines: [], read: false, error: null }
/** How often a log that still grows is looked at (ms); one that nobody sees is not. */
const every = 1500

/** Reads a log from its beginning, and follows it while it is `live`. Another `id` begins anew. */
export function useLog(
  id: string,
  live: boolean,
  read: (from: number, signal: AbortSignal) => Promise<LogPage>,
): Log & { again: () => void } {
  const [log, setLog] = useState(nothing)
  const [round, setRound] = useState(0)
  const readFrom = useEffectEvent(read)
  const isLive = useEffectEvent(() => live)

  const place = `${id} ${round}`
  useEffect(() => {
    const ending = new AbortController()
    setLog({ ...nothing, place })
    void followLog(ending.signal)
    return () => ending.abort()

    async function followLog(signal: AbortSignal) {
      let from = 0
      try {
        for (;;) {
          const last = !isLive()
          const page = await readFrom(from, signal)
          if (signal.aborted) return
          from = page.next
          const lines = page.lines
          setLog((known) => ({
            ...known,
            lines: lines.length > 0 ? [...known.lines, ...lines] : known.lines,
            read: known.read || !page.more,
            error: null,
          }))
          if (page.more) continue
          if (last) return
          do await pause(every, signal)
          while (document.hidden && !signal.aborted)
        }
      } catch (error) {
        if (signal.aborted) return
        setLog((known) => ({ ...known, error: error as Error }))
      }
    }
  }, [place])
  return { ...log, again: () => setRound((it) => it + 1) }
}

const pause = (ms: number, signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, ms)
    signal.addEventListener('abort', () => {
      clearTimeout(timer)
      resolve()
    })
  })
