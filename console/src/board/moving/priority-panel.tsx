import { spoken } from '../../format/words.ts'
import { priorities } from '../../scrum/task-fields.ts'
import { MenuItem, MenuList } from '../../ui/menu.tsx'
import type { PanelProps } from './questions.ts'

export function PriorityPanel({ tasks, moves, heading, onDone, onLeave }: PanelProps) {
  return (
    <MenuList heading={heading} onLeave={onLeave}>
      {priorities.map((priority) => (
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
