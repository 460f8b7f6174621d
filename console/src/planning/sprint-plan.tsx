import { dropTargetForElements } from '@atlaskit/pragmatic-drag-and-drop/element/adapter'
import { useEffect, useRef, useState } from 'react'
import type { Project, ProjectVelocity, Sprint, Task } from '../api/types.ts'
import { formatRange } from '../format/dates.ts'
import { count } from '../format/words.ts'
import { Link } from '../routing/link.tsx'
import { paths } from '../routing/paths.ts'
import { plannedOf } from '../sprint/commitment.ts'
import { Commitment } from '../sprint/commitment-bar.tsx'
import { SprintActions, type SprintVerb } from '../sprint/sprint-actions.tsx'
import { StatusWord } from '../ui/status-word.tsx'
import { PlanList } from './plan-list.tsx'
import type { PlanActions } from './use-plan-actions.ts'

interface SprintPlanProps {
  project: Project
  sprint: Sprint
  tasks: readonly Task[]
  past: ProjectVelocity | undefined
  actions: PlanActions | undefined
  onOpen: (task: Task) => void
  onAsk: (verb: SprintVerb, sprint: Sprint) => void
}

/** An open sprint to drop cards into, with what it would commit to. */
export function SprintPlan(props: SprintPlanProps) {
  const { project, sprint, tasks, past, actions, onOpen, onAsk } = props
  const { box, over } = useDropBox(sprint.id)
  const planned = plannedOf(tasks)
  return (
    <section
      ref={box}
      className={`sprint-plan${over ? ' plan-over' : ''}`}
      aria-labelledby={`plan-${sprint.id}`}
    >
      <header className="sprint-plan-head">
        <h3 id={`plan-${sprint.id}`}>
          <Link to={paths.board(project.slug, sprint.code)}>{sprint.name}</Link>
        </h3>
        <StatusWord status={sprint.status} />
        <p className="numbers">
          {formatRange(sprint.start_date, sprint.end_date, project.settings.time_zone)}
        </p>
        <SprintActions project={project} sprint={sprint} onAsk={onAsk} />
      </header>
      {sprint.status === 'planning' ? (
        <Commitment sprint={sprint} planned={planned} past={past} />
      ) : (
        <p className="commitment numbers">
          <strong>{count(planned.points, 'point')}</strong> in {count(planned.cards, 'card')};{' '}
          {sprint.committed_points} committed at the start. What comes in now is a scope change.
        </p>
      )}
      {tasks.length > 0 ? (
        <PlanList
          tasks={tasks}
          sprintId={sprint.id}
          label={`Cards of ${sprint.name}`}
          actions={actions}
          onOpen={onOpen}
        />
      ) : (
        <p className="plan-empty">
          {actions ? 'Drag cards here, or move them by their menu (M).' : 'No card yet.'}
        </p>
      )}
    </section>
  )
}

/** A place to drop cards at the end of a list. */
export function useDropBox(sprintId: number | null) {
  const box = useRef<HTMLElement>(null)
  const [over, setOver] = useState(false)
  useEffect(() => {
    if (box.current === null) return
    return dropTargetForElements({
      element: box.current,
      canDrop: ({ source }) => source.data.kind === 'plan',
      getData: () => ({ sprintId }),
      onDragEnter: () => setOver(true),
      onDragLeave: () => setOver(false),
      onDrop: () => setOver(false),
    })
  }, [sprintId])
  return { box, over }
}
