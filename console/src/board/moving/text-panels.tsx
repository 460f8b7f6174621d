import { TextForm } from '../../panels/text-form.tsx'
import { points } from '../../peek/draft.ts'
import type { PanelProps } from './questions.ts'
import type { Spot } from './spot.ts'

/** Why cards are blocked; the answer may stay empty. */
export function ReasonPanel({
  tasks,
  moves,
  heading,
  onDone,
  spot,
}: PanelProps & { spot?: Spot | undefined }) {
  return (
    <TextForm
      label={<>What blocks {heading}?</>}
      button="Move to Blocked"
      parse={(value) => ({ value })}
      onDone={(reason) => {
        onDone()
        if (spot) moves.toSpot(tasks, spot, reason)
        else moves.toColumn(tasks, 'blocked', reason)
      }}
    />
  )
}

export function PointsPanel({ tasks, moves, heading, onDone }: PanelProps) {
  const [first] = tasks
  const same = tasks.every((task) => task.story_points === first?.story_points)
  return (
    <TextForm
      label={<>Points of {heading}</>}
      button="Estimate"
      initial={same && first ? points.text(first.story_points) : ''}
      placeholder="No estimate"
      parse={points.parse}
      onDone={(story_points) => {
        onDone()
        moves.change(tasks, { story_points })
      }}
    />
  )
}
