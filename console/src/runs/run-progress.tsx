import './run-progress.css'

/** How many steps of a run are done, as a bar with its words. */
export function RunProgress({ done, steps }: { done: number; steps: number }) {
  if (steps === 0) return <span className="run-progress-words">no steps</span>
  return (
    <span className="run-progress">
      <svg viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
        <rect className="whole" width="100" height="6" rx="3" />
        <rect className="done" width={(100 * done) / steps} height="6" rx="3" />
      </svg>
      <span className="numbers run-progress-words">
        {done} of {steps} done
      </span>
    </span>
  )
}
