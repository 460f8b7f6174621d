import { combine } from '@atlaskit/pragmatic-drag-and-drop/combine'
import { draggable, dropTargetForElements } from '@atlaskit/pragmatic-drag-and-drop/element/adapter'
import {
  attachClosestEdge,
  type Edge,
  extractClosestEdge,
} from '@atlaskit/pragmatic-drag-and-drop-hitbox/closest-edge'
import { type KeyboardEvent, useEffect, useEffectEvent, useRef, useState } from 'react'
import { somethingIsOpen } from '../actions/keys.ts'
import type { Task } from '../api/types.ts'
import { UnsentCardSign } from '../edits/unsent-sign.tsx'
import { count } from '../format/words.ts'
import { PriorityMark } from '../scrum/priority-mark.tsx'
import { useSelected, useSelection } from '../scrum/selection.ts'
import { shortId } from '../scrum/short-id.ts'
import { StatusMark } from '../ui/status-mark.tsx'
import { PointsField } from './points-field.tsx'
import { RowMenu } from './row-menu.tsx'
import type { PlanActions } from './use-plan-actions.ts'

interface PlanRowProps {
  task: Task
  place: { index: number; of: number; top: number }
  /** The list’s one stop for Tab. */
  active: boolean
  actions: PlanActions | undefined
  siblings: readonly Task[]
  sprintId: number | null
  onActive: (id: number) => void
  onOpen: (task: Task) => void
}

export function PlanRow(props: PlanRowProps) {
  const { task, place, active, actions, siblings, sprintId, onActive, onOpen } = props
  const row = useRef<HTMLLIElement>(null)
  const menu = useRef<HTMLButtonElement>(null)
  const [asked, setAsked] = useState(false)
  const [estimating, setEstimating] = useState(false)
  const selection = useSelection()
  const selected = useSelected(task.id)
  const edge = useDragging(row, props)
  const tabIndex = active ? 0 : -1
  const id = shortId(task)

  const press = (event: KeyboardEvent) => {
    if (event.metaKey || event.ctrlKey || event.altKey || !actions || somethingIsOpen()) return
    if (event.target instanceof HTMLInputElement && event.target.type !== 'checkbox') return
    if (event.key === 'e' || event.key === 'E') setEstimating(true)
    else if (event.key === 'm' || event.key === 'M') setAsked(true)
    else return
    event.preventDefault()
  }
  const back = () =>
    row.current?.querySelector<HTMLElement>(`[data-focus="open ${task.id}"]`)?.focus()

  return (
    <li
      ref={(element) => {
        row.current = element
        if (element) element.style.translate = `0 ${place.top}px`
      }}
      className={`plan-row${selected ? ' plan-row-selected' : ''}${edge ? ` plan-edge-${edge}` : ''}`}
      aria-posinset={place.index + 1}
      aria-setsize={place.of}
      onFocus={() => onActive(task.id)}
      onKeyDown={press}
    >
      {actions && (
        <input
          type="checkbox"
          tabIndex={tabIndex}
          checked={selected}
          aria-label={`Select ${id}`}
          onChange={(event) =>
            (event.nativeEvent as MouseEvent).shiftKey
              ? selection.extendTo(task.id)
              : selection.toggle(task.id)
          }
        />
      )}
      {sprintId !== null && <StatusMark status={task.board_status} />}
      <span className="id plan-id">{id}</span>
      <button
        type="button"
        className="plan-title"
        tabIndex={tabIndex}
        data-focus={`open ${task.id}`}
        data-code={task.code}
        onClick={() => onOpen(task)}
      >
        {task.title}
      </button>
      <UnsentCardSign taskId={task.id} />
      {task.labels.length > 0 && (
        <span className="plan-labels">{task.labels.slice(0, 2).join(', ')}</span>
      )}
      {task.priority !== 'medium' && <PriorityMark priority={task.priority} />}
      {actions && estimating ? (
        <PointsField
          label={`Points of ${id}`}
          points={task.story_points}
          onDone={(points) => {
            setEstimating(false)
            if (points !== undefined) actions.estimate(actions.meant(task), points)
            requestAnimationFrame(back)
          }}
        />
      ) : (
        <Points
          task={task}
          tabIndex={tabIndex}
          onEstimate={actions && (() => setEstimating(true))}
        />
      )}
      {actions && (
        <button
          ref={menu}
          type="button"
          className="button button-quiet"
          tabIndex={tabIndex}
          aria-haspopup="menu"
          onClick={() => setAsked(true)}
        >
          <span aria-hidden="true">⋯</span>
          <span className="hidden">Move {id}</span>
        </button>
      )}
      {asked && actions && menu.current && (
        <RowMenu
          anchor={menu.current}
          tasks={actions.meant(task)}
          siblings={siblings}
          sprintId={sprintId}
          actions={actions}
          onClose={() => {
            setAsked(false)
            requestAnimationFrame(back)
          }}
        />
      )}
    </li>
  )
}

interface PointsProps {
  task: Task
  tabIndex: number
  onEstimate: (() => void) | undefined
}

function Points({ task, tabIndex, onEstimate }: PointsProps) {
  const words = task.story_points === null ? 'no estimate' : count(task.story_points, 'pt')
  if (!onEstimate) return <span className="plan-points numbers">{words}</span>
  return (
    <button
      type="button"
      className="plan-points numbers"
      tabIndex={tabIndex}
      title="Estimate (E)"
      onClick={onEstimate}
    >
      {words}
      <span className="hidden">, estimate {shortId(task)}</span>
    </button>
  )
}

/** Lets the row be dragged and dropped upon; answers the edge that a drop would go to. */
function useDragging(row: React.RefObject<HTMLLIElement | null>, props: PlanRowProps): Edge | null {
  const [edge, setEdge] = useState<Edge | null>(null)
  const may = props.actions !== undefined
  const current = useEffectEvent(() => props)
  const meant = useEffectEvent(() => props.actions?.meant(props.task) ?? [])
  useEffect(() => {
    const element = row.current
    if (!element || !may) return
    return combine(
      draggable({
        element,
        getInitialData: () => ({ kind: 'plan', tasks: meant() }),
        onDragStart: () => element.classList.add('plan-dragged'),
        onDrop: () => element.classList.remove('plan-dragged'),
      }),
      dropTargetForElements({
        element,
        canDrop: ({ source }) => source.data.kind === 'plan',
        getData: ({ input, element }) => {
          const { task, sprintId } = current()
          return attachClosestEdge(
            { task: task.id, sprintId },
            { input, element, allowedEdges: ['top', 'bottom'] },
          )
        },
        onDrag: ({ self }) => setEdge(extractClosestEdge(self.data)),
        onDragLeave: () => setEdge(null),
        onDrop: () => setEdge(null),
      }),
    )
  }, [row, may])
  return edge
}
