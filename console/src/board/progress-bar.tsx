import { percent } from '../format/words.ts'
import type { Progress } from '../scrum/columns.ts'
import './progress-bar.css'

/** Points by where they stand: done, under way, blocked, still to do. */
export function ProgressBar({ progress }: { progress: Progress }) {
  const { total, completed, underWay, blocked, rate } = progress
  const part = (points: number) => ({ flexGrow: points })
  const rest = Math.max(0, total - completed - underWay - blocked)
  return (
    <div
      className="progress"
      role="progressbar"
      aria-label="Points done"
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(rate * 100)}
      aria-valuetext={`${completed} of ${total} points done, ${percent(rate)}; ${underWay} under way, ${blocked} blocked`}
    >
      {completed > 0 && <span className="progress-done" style={part(completed)} />}
      {underWay > 0 && <span className="progress-way" style={part(underWay)} />}
      {blocked > 0 && <span className="progress-blocked" style={part(blocked)} />}
      {(rest > 0 || total === 0) && <span style={part(Math.max(rest, 1))} />}
    </div>
  )
}
