import { useQuery } from '@tanstack/react-query'
import { sprintsQuery } from '../../api/queries.ts'
import { cardsOf } from '../../edits/words.ts'
import { inOrder, isClosed } from '../../scrum/sprint-order.ts'
import { MenuItem, MenuList } from '../../ui/menu.tsx'
import { Skeleton } from '../../ui/states.tsx'
import type { PanelProps } from './questions.ts'

/** The project's open sprints and its backlog. */
export function SprintPanel({ tasks, moves, heading, onDone, onLeave }: PanelProps) {
  const { data: sprints, error } = useQuery(sprintsQuery(tasks[0]?.project_id ?? 0))
  const move = (sprint_id: number | null, name: string) => {
    onDone()
    moves.change(tasks, { sprint_id }, `${cardsOf(tasks)} moved to ${name}`)
  }
  if (sprints === undefined && error) return <p role="alert">{error.message}</p>
  if (sprints === undefined) return <Skeleton lines={2} label="Loading the sprints" />
  const open = inOrder(sprints).filter((sprint) => !isClosed(sprint))
  return (
    <MenuList heading={heading} onLeave={onLeave}>
      {open.map(({ id, name }) => (
        <MenuItem
          key={id}
          checked={tasks.every((task) => task.sprint_id === id)}
          onPick={() => move(id, name)}
        >
          {name}
        </MenuItem>
      ))}
      <MenuItem onPick={() => move(null, 'the backlog')}>The backlog</MenuItem>
    </MenuList>
  )
}
