import { useState } from 'react'
import { get } from '../api/request.ts'
import type { Page, StepLogLine, StepRun } from '../api/types.ts'
import { formatSecond } from '../format/dates.ts'
import { LogView } from './log-view.tsx'
import { useLog } from './use-log.ts'

/** What a step says while it runs, or has said, at any of its attempts. */
export function StepLog({ step }: { step: StepRun }) {
  const [attempt, setAttempt] = useState<number | null>(null)
  const shown = attempt ?? step.attempt
  const live = shown === step.attempt && step.status === 'running'
  const log = useLog(`${step.id}/${shown}/${step.started_at}`, live, async (from, signal) => {
    // The cursor of a log is the number of the last line read; 0 is a line's number, too.
    const query = { attempt: shown, limit: 1000, ...(from > 0 && { cursor: from - 1 }) }
    const page = await get<Page<StepLogLine>>(`/steps/${step.id}/logs`, query, signal)
    const last = page.items.at(-1)
    return {
      lines: page.items.map(({ line, stream, emitted_at }) => ({
        text: line,
        at: formatSecond(emitted_at),
        ...(stream === 'stderr' && { tone: 'error' as const }),
        ...(stream === 'system' && { tone: 'note' as const }),
      })),
      next: last ? last.seq + 1 : from,
      more: page.next_cursor !== null,
    }
  })
  return (
    <section aria-labelledby="step-log">
      <div className="log-head">
        <h3 id="step-log">Log</h3>
        {step.attempt > 1 && (
          <label>
            Attempt{' '}
            <select value={shown} onChange={(event) => setAttempt(Number(event.target.value))}>
              {Array.from({ length: step.attempt }, (_, index) => index + 1).map((it) => (
                <option key={it} value={it}>
                  {it}
                </option>
              ))}
            </select>
          </label>
        )}
      </div>
      <LogView label={`Log of ${step.step_name}`} log={log} live={live} />
    </section>
  )
}
