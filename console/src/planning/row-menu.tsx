import type { Task } from '../api/types.ts'
import { count } from '../format/words.ts'
import { shortId } from '../scrum/short-id.ts'
import { Menu, MenuItem } from '../ui/menu.tsx'
import type { PlanActions } from './use-plan-actions.ts'

interface RowMenuProps {
  anchor: HTMLElement
  tasks: readonly Task[]
  siblings: readonly Task[]
  /** The list in which they stand; undefined where they stand in several. */
  sprintId: number | null | undefined
  actions: PlanActions
  onClose: () => void
}

/** Everything that dragging does, by click and key. */
export function RowMenu({ anchor, tasks, siblings, sprintId, actions, onClose }: RowMenuProps) {
  const [task] = tasks
  if (task === undefined) return null
  const moved = new Set(tasks.map(({ id }) => id))
  const others = siblings.filter(({ id }) => !moved.has(id))
  const [first] = others
  const pick = (does: () => void) => () => {
    onClose()
    does()
  }
  const one = tasks.length === 1
  return (
    <Menu
      anchor={anchor}
      heading={`Move ${one ? shortId(task) : count(tasks.length, 'card')} to`}
      onClose={onClose}
    >
      {actions.sprints
        .filter(({ id }) => id !== sprintId)
        .map(({ id, name, status }) => (
          <MenuItem key={id} onPick={pick(() => actions.place(tasks, { sprintId: id }))}>
            {name} ({status})
          </MenuItem>
        ))}
      {sprintId !== null && (
        <MenuItem onPick={pick(() => actions.place(tasks, { sprintId: null }))}>
          The backlog
        </MenuItem>
      )}
      {first && sprintId !== undefined && (
        <MenuItem onPick={pick(() => actions.place(tasks, { sprintId, before: first.id }))}>
          Top of this list
        </MenuItem>
      )}
      {first && sprintId !== undefined && (
        <MenuItem onPick={pick(() => actions.place(tasks, { sprintId }))}>
          Bottom of this list
        </MenuItem>
      )}
      {one && sprintId !== undefined && (
        <MenuItem onPick={pick(() => actions.shift(task, siblings, -1, sprintId))}>
          One up (Alt+↑)
        </MenuItem>
      )}
      {one && sprintId !== undefined && (
        <MenuItem onPick={pick(() => actions.shift(task, siblings, 1, sprintId))}>
          One down (Alt+↓)
        </MenuItem>
      )}
    </Menu>
  )
}
