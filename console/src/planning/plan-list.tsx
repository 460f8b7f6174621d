import { autoScrollForElements } from '@atlaskit/pragmatic-drag-and-drop-auto-scroll/element'
import { defaultRangeExtractor, useVirtualizer } from '@tanstack/react-virtual'
import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import { somethingIsOpen } from '../actions/keys.ts'
import type { Task } from '../api/types.ts'
import { useSelection } from '../scrum/selection.ts'
import { PlanRow } from './plan-row.tsx'
import type { PlanActions } from './use-plan-actions.ts'

interface PlanListProps {
  tasks: readonly Task[]
  /** Null is the backlog. */
  sprintId: number | null
  label: string
  /** Absent for those who may not change anything. */
  actions: PlanActions | undefined
  onOpen: (task: Task) => void
}

const rowHeight = 38

/** Cards in order, however many: one stop for Tab, arrows (or J and K) from one to the next. */
export function PlanList({ tasks, sprintId, label, actions, onOpen }: PlanListProps) {
  const scroller = useRef<HTMLDivElement>(null)
  const [activeId, setActive] = useState<number | null>(null)
  const selection = useSelection()
  const active = Math.max(
    0,
    tasks.findIndex(({ id }) => id === activeId),
  )
  const rows = useVirtualizer({
    count: tasks.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    getItemKey: (index) => tasks[index]?.id ?? index,
    overscan: 12,
    // The row with the focus stays, wherever the list is scrolled to.
    rangeExtractor: (range) =>
      [...new Set([...defaultRangeExtractor(range), active])].sort(byNumber),
  })
  useEffect(() => {
    if (scroller.current) return autoScrollForElements({ element: scroller.current })
  }, [])

  const focusRow = (index: number) => {
    const task = tasks[index]
    if (task === undefined) return
    setActive(task.id)
    rows.scrollToIndex(index)
    requestAnimationFrame(() =>
      scroller.current
        ?.querySelector<HTMLElement>(`[data-focus="open ${task.id}"]`)
        ?.focus({ preventScroll: true }),
    )
  }

  const press = (event: KeyboardEvent) => {
    const { key, metaKey, ctrlKey, altKey, shiftKey } = event
    const task = tasks[active]
    const typing = event.target instanceof HTMLInputElement && event.target.type !== 'checkbox'
    // A row's menu has the keys for itself.
    if (task === undefined || typing || somethingIsOpen()) return
    if ((metaKey || ctrlKey) && key === 'a' && actions) {
      event.preventDefault()
      selection.add(tasks.map(({ id }) => id))
    }
    if (metaKey || ctrlKey) return
    const way = ways[key] ?? 0
    if (altKey) {
      if (way === 0 || !actions) return
      event.preventDefault()
      actions.shift(task, tasks, way, sprintId)
      requestAnimationFrame(() => focusRow(Math.max(0, active + way)))
      return
    }
    if (way !== 0) {
      event.preventDefault()
      const next = Math.min(Math.max(active + way, 0), tasks.length - 1)
      focusRow(next)
      const to = tasks[next]
      if (shiftKey && to) {
        if (selection.ids.size === 0) selection.only(task.id)
        selection.extendTo(to.id)
      }
    } else if (key === 'Home' || key === 'End') {
      event.preventDefault()
      focusRow(key === 'Home' ? 0 : tasks.length - 1)
    } else if (key === 'x' || key === 'X') selection.toggle(task.id)
    else if (key === 'Escape') selection.clear()
  }

  return (
    <div className="plan-scroll" ref={scroller}>
      <ul
        className="plan-list"
        aria-label={label}
        onKeyDown={press}
        ref={(list) => sized(list, rows.getTotalSize())}
      >
        {rows.getVirtualItems().map(({ index, start }) => {
          const task = tasks[index]
          return (
            task && (
              <PlanRow
                key={task.id}
                task={task}
                place={{ index, of: tasks.length, top: start }}
                active={index === active}
                actions={actions}
                siblings={tasks}
                sprintId={sprintId}
                onActive={setActive}
                onOpen={onOpen}
              />
            )
          )
        })}
      </ul>
    </div>
  )
}

const ways: Record<string, number> = { ArrowDown: 1, j: 1, J: 1, ArrowUp: -1, k: -1, K: -1 }
const byNumber = (a: number, b: number) => a - b

function sized(list: HTMLElement | null, height: number): void {
  if (list) list.style.blockSize = `${height}px`
}
