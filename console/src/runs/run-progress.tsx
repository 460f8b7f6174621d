import { ShareBar } from '../ui/share-bar.tsx'
import './run-progress.css'

/** How many steps of a run are done, as a bar with its words. */
export function RunProgress({ done, steps }: { done: number; steps: number }) {
  if (steps === 0) return <span className="run-progress-words">no steps</span>
  return (
    <span className="run-progress">
      <ShareBar done={done / steps} />
      <span className="numbers run-progress-words">
        {done} of {steps} done
      </span>
    </span>
  )
}
