import { type RefObject, useRef, useState } from 'react'
import { useActions } from '../actions/actions.ts'
import type { Task } from '../api/types.ts'
import { cardsOf } from '../edits/words.ts'
import { amount, count } from '../format/words.ts'
import { LabelsPanel } from '../panels/labels-panel.tsx'
import { useSelection } from '../scrum/selection.ts'
import { plannedOf } from '../sprint/commitment.ts'
import { Popover } from '../ui/popover.tsx'
import { PointsField } from './points-field.tsx'
import { RowMenu } from './row-menu.tsx'
import type { PlanActions } from './use-plan-actions.ts'

interface SelectedBarProps {
  /** All cards of the plan. */
  all: readonly Task[]
  actions: PlanActions
}

/** What can be done to all selected cards; each is one edit, and one undo. */
export function SelectedBar({ all, actions }: SelectedBarProps) {
  const selection = useSelection()
  const tasks = all.filter(({ id }) => selection.ids.has(id))
  return tasks.length > 0 && <Bar tasks={tasks} all={all} actions={actions} />
}

function Bar({ tasks, all, actions }: SelectedBarProps & { tasks: readonly Task[] }) {
  const selection = useSelection()
  const [asked, setAsked] = useState<'move' | 'points' | 'labels' | null>(null)
  const buttons = {
    move: useRef<HTMLButtonElement>(null),
    points: useRef<HTMLButtonElement>(null),
    labels: useRef<HTMLButtonElement>(null),
  }
  useActions([
    {
      id: 'backlog.label-selected',
      title: 'Label the selected cards',
      group: 'Backlog',
      keys: ['L'],
      run: () => setAsked('labels'),
    },
  ])
  const back = (button: RefObject<HTMLButtonElement | null>) => {
    setAsked(null)
    requestAnimationFrame(() => button.current?.focus())
  }
  const lists = new Set(tasks.map(({ sprint_id }) => sprint_id))
  const [list = null] = lists
  const { points, unestimated } = plannedOf(tasks)
  return (
    <section className="selected-bar" aria-label="Selected cards">
      <p className="numbers" role="status">
        <strong>{amount(tasks.length)} selected</strong>, {count(points, 'point')}
        {unestimated > 0 && `, ${unestimated} without`}
      </p>
      <button
        ref={buttons.move}
        type="button"
        className="button button-small"
        aria-haspopup="menu"
        onClick={() => setAsked('move')}
      >
        Move to…
      </button>
      {asked === 'points' ? (
        <PointsField
          label={`Points of ${count(tasks.length, 'card')}`}
          points={undefined}
          onDone={(given) => {
            if (given !== undefined) actions.estimate(tasks, given)
            back(buttons.points)
          }}
        />
      ) : (
        <button
          ref={buttons.points}
          type="button"
          className="button button-small"
          onClick={() => setAsked('points')}
        >
          Points…
        </button>
      )}
      <button
        ref={buttons.labels}
        type="button"
        className="button button-small"
        aria-haspopup="dialog"
        title="Label the selected cards (L)"
        onClick={() => setAsked('labels')}
      >
        Labels…
      </button>
      <button
        type="button"
        className="button button-small button-quiet"
        title="Clear the selection (Esc)"
        onClick={() => selection.clear()}
      >
        Clear
      </button>
      {asked === 'move' && buttons.move.current && (
        <RowMenu
          anchor={buttons.move.current}
          tasks={tasks}
          siblings={lists.size === 1 ? all.filter(({ sprint_id }) => sprint_id === list) : []}
          sprintId={lists.size === 1 ? list : undefined}
          actions={actions}
          onClose={() => back(buttons.move)}
        />
      )}
      {asked === 'labels' && buttons.labels.current && (
        <Popover anchor={buttons.labels.current} onClose={() => back(buttons.labels)}>
          <LabelsPanel
            tasks={tasks}
            all={all}
            heading={cardsOf(tasks)}
            change={actions.change}
            onDone={() => back(buttons.labels)}
          />
        </Popover>
      )}
    </section>
  )
}
