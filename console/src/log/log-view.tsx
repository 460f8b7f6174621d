import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useRef, useState } from 'react'
import { count } from '../format/words.ts'
import { CopyButton } from '../ui/copy-button.tsx'
import { ErrorState, Skeleton } from '../ui/states.tsx'
import { plain } from './plain.ts'
import type { LogLine, useLog } from './use-log.ts'
import './log.css'

const lineHeight = 20
/** What scrolls is reached by keyboard, too. */
const reachable = { tabIndex: 0 }

interface LogViewProps {
  label: string
  log: ReturnType<typeof useLog>
  live: boolean
}

/** A log of any length: only the lines in sight are drawn, and the end is followed until one scrolls up. */
export function LogView({ label, log: { lines, read, error, again }, live }: LogViewProps) {
  const [follow, setFollow] = useState(live)
  if (!read && !error) return <Skeleton lines={4} label="Loading the log" />
  if (error && lines.length === 0) return <ErrorState error={error} retry={again} />
  if (lines.length === 0) {
    return <p className="log-empty">{live ? 'Nothing has been said yet.' : 'It said nothing.'}</p>
  }
  return (
    <div className="log">
      <div className="log-bar">
        <span className="numbers">{count(lines.length, 'line')}</span>
        {live && (
          <label className="check">
            <input
              type="checkbox"
              checked={follow}
              onChange={(event) => setFollow(event.target.checked)}
            />
            Follow
          </label>
        )}
        <CopyButton text={() => lines.map(({ text }) => plain(text)).join('\n')} of="the log" />
      </div>
      {error && <ErrorState error={error} retry={again} />}
      <Lines label={label} lines={lines} follow={follow} onScrolledUp={() => setFollow(false)} />
    </div>
  )
}

function Lines({
  label,
  lines,
  follow,
  onScrolledUp,
}: {
  label: string
  lines: readonly LogLine[]
  follow: boolean
  onScrolledUp: () => void
}) {
  const scroller = useRef<HTMLElement>(null)
  const top = useRef(0)
  const rows = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => lineHeight,
    overscan: 20,
  })
  const last = lines.length - 1
  useEffect(() => {
    if (follow) rows.scrollToIndex(last, { align: 'end' })
  }, [follow, last, rows])
  return (
    <section
      ref={scroller}
      className="log-lines"
      aria-label={label}
      {...reachable}
      onScroll={({ currentTarget: { scrollTop } }) => {
        if (scrollTop < top.current - 1) onScrolledUp()
        top.current = scrollTop
      }}
    >
      <div className="log-whole" style={{ height: rows.getTotalSize() }}>
        {rows.getVirtualItems().map(({ index, start }) => {
          const line = lines[index]
          return (
            <p
              key={index}
              className={`log-line ${line?.tone ? `log-${line.tone}` : ''}`}
              style={{ transform: `translateY(${start}px)` }}
            >
              {line?.at && <span className="log-at">{line.at} </span>}
              {plain(line?.text ?? '') || ' '}
            </p>
          )
        })}
      </div>
    </section>
  )
}
