import type { Task } from '../../api/types.ts'
import { spoken } from '../../format/words.ts'
import { MenuItem, MenuList } from '../../ui/menu.tsx'
import { known } from '../filters/filter.ts'
import type { PanelProps } from './questions.ts'

export function PriorityPanel({ tasks, moves, heading, onDone, onLeave }: PanelProps) {
  return (
    <MenuList heading={heading} onLeave={onLeave}>
      {(known.priority as readonly Task['priority'][]).map((priority) => (
        <MenuItem
          key={priority}
          checked={tasks.every((task) => task.priority === priority)}
          onPick={() => {
            onDone()
            moves.change(tasks, { priority })
          }}
        >
          {spoken(priority)}
        </MenuItem>
      ))}
    </MenuList>
  )
}
