import { useMemo, useState } from 'react'
import type { Project, Sprint, Task } from '../api/types.ts'
import { closePeek, openPeek, peekedOf } from '../peek/address.ts'
import { TaskPeek } from '../peek/task-peek.tsx'
import { useCreateTask } from '../peek/use-create-task.tsx'
import { useLocation } from '../routing/location.ts'
import { columnsOf, progressOf, wipOf } from '../scrum/columns.ts'
import { createSelection, SelectionContext } from '../scrum/selection.ts'
import { isClosed } from '../scrum/sprint-order.ts'
import { useMay } from '../session/session.ts'
import { ErrorState } from '../ui/states.tsx'
import { Board } from './board.tsx'
import { BoardSkeleton } from './board-skeleton.tsx'
import { BoardTools } from './board-tools.tsx'
import { EmptyBoard } from './empty-board.tsx'
import { FilterBar } from './filters/filter-bar.tsx'
import { NoneFit } from './filters/none-fit.tsx'
import { useFilter } from './filters/use-filter.ts'
import { SprintHeader } from './sprint-header.tsx'
import { useBoard } from './use-board.ts'
import { useLiveBoard } from './use-live-board.ts'
import { ViewPicker } from './views/view-picker.tsx'

const none: readonly Task[] = []

export function BoardView({ project, sprint }: { project: Project; sprint: Sprint }) {
  useLiveBoard(project.id, sprint)
  const { tasks, steps, runs, error, refetch } = useBoard(project.id, sprint.id)
  const mayWork = useMay('work')
  const [selection] = useState(createSelection)
  const filtering = useFilter(sprint.id, tasks)
  const { query } = useLocation()
  const peeked = peekedOf(query)

  const wip = useMemo(() => wipOf(tasks ?? []), [tasks])
  const creating = useCreateTask(project, sprint, tasks ?? none, filtering.shown)
  const progress = useMemo(() => progressOf(tasks ?? []), [tasks])

  return (
    <SelectionContext value={selection}>
      <div className="board-page">
        <SprintHeader project={project} sprint={sprint} runs={runs} progress={tasks && progress} />
        {tasks !== undefined && tasks.length > 0 && (
          <FilterBar {...filtering}>
            <BoardTools />
            <ViewPicker projectId={project.id} />
            {creating.ask && (
              <button type="button" className="button button-small" onClick={creating.ask}>
                Create a task
              </button>
            )}
          </FilterBar>
        )}
        <div className="board-and-peek">
          {tasks === undefined && error && (
            <div className="board-state">
              <ErrorState error={error} retry={refetch} />
            </div>
          )}
          {tasks === undefined && !error && <BoardSkeleton />}
          {tasks?.length === 0 && (
            <EmptyBoard project={project} sprint={sprint} onCreate={creating.ask} />
          )}
          {tasks !== undefined && tasks.length > 0 && filtering.shown.length === 0 && (
            <NoneFit {...filtering} />
          )}
          {filtering.shown.length > 0 && (
            <Board
              project={project}
              selection={selection}
              wip={wip}
              runs={runs}
              tasks={filtering.shown}
              steps={steps}
              canMove={mayWork && !isClosed(sprint)}
              peeked={peeked}
              onOpen={openPeek}
              made={creating.made}
            />
          )}
          {peeked !== null && tasks !== undefined && (
            <TaskPeek
              key={peeked}
              code={peeked}
              project={project}
              board={sprint}
              tasks={tasks}
              neighbours={() => columnsOf(filtering.shown).flatMap((column) => column.tasks)}
              onClose={closePeek}
            />
          )}
        </div>
        {creating.dialog}
      </div>
    </SelectionContext>
  )
}
