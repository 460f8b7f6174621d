import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { useActions } from '../actions/actions.ts'
import type { Project, Sprint, Task } from '../api/types.ts'
import { type ColumnStatus, columnOrder } from '../scrum/columns.ts'
import { shortId } from '../scrum/short-id.ts'
import { isClosed } from '../scrum/sprint-order.ts'
import { sessionQuery, useMay } from '../session/session.ts'
import { toast } from '../ui/toasts.tsx'
import { openPeek } from './address.ts'
import { CreateTask } from './create-task.tsx'
import { projectPeople } from './people.ts'

interface Creating {
  /** Absent for those who may not. */
  ask: (() => void) | undefined
  dialog: ReactNode
  /** The card that was made last: the board puts the focus on it. */
  made: Task | null
}

/** C on a board: a new card in its sprint, in the column of the card that has the focus. */
export function useCreateTask(
  project: Project,
  sprint: Sprint,
  tasks: readonly Task[],
  shown: readonly Task[],
): Creating {
  const may = useMay('plan') && !isClosed(sprint)
  const me = useQuery(sessionQuery).data?.who?.name
  const [column, setColumn] = useState<ColumnStatus | 'any' | null>(null)
  const [made, setMade] = useState<Task | null>(null)
  const ask = () => setColumn(focusedColumn() ?? 'any')
  useActions(
    may
      ? [{ id: 'board.create-task', title: 'Create a task', group: 'Board', keys: ['C'], run: ask }]
      : [],
  )
  const close = (task: Task | null) => {
    setColumn(null)
    setMade(task)
    if (task === null || shown.some(({ id }) => id === task.id)) return
    toast({
      tone: 'info',
      key: 'created',
      title: `${shortId(task)} is created`,
      detail: tasks.some(({ id }) => id === task.id)
        ? 'The filters hide it here.'
        : 'It is not on this board.',
      actions: [{ label: 'Open', run: () => openPeek(task.code) }],
    })
  }
  const dialog = column !== null && (
    <CreateTask
      project={project}
      sprintId={sprint.id}
      column={column === 'any' ? undefined : column}
      people={projectPeople(tasks, me)}
      onClose={close}
    />
  )
  return { ask: may ? ask : undefined, dialog, made }
}

function focusedColumn(): ColumnStatus | undefined {
  const list = document.activeElement?.closest<HTMLElement>('[data-status]')
  return columnOrder.find((status) => status === list?.dataset.status)
}
