import { useQuery } from '@tanstack/react-query'
import { type KeyboardEvent as Press, useEffect, useRef } from 'react'
import { taskByCodeQuery } from '../api/queries.ts'
import type { Project, ProtocolRun, Sprint, StepRun, Task } from '../api/types.ts'
import { sessionQuery, useMay } from '../session/session.ts'
import { isClosed } from '../sprints/order.ts'
import { CloseIcon } from '../ui/close-icon.tsx'
import { ErrorState, Skeleton } from '../ui/states.tsx'
import { columnsOf } from './columns.ts'
import { title } from './peek/draft.ts'
import { PeekChecklist } from './peek/peek-checklist.tsx'
import { PeekConflicts } from './peek/peek-conflicts.tsx'
import { PeekEvents } from './peek/peek-events.tsx'
import { PeekFacts, PeekStep } from './peek/peek-facts.tsx'
import { PeekField } from './peek/peek-field.tsx'
import { PeekDescription, PeekProperties } from './peek/peek-properties.tsx'
import { projectPeople } from './peek/people.ts'
import { useLiveTask } from './peek/use-live-task.ts'
import { PeekArtifacts } from './peek-artifacts.tsx'
import { PeekDependencies } from './peek-dependencies.tsx'
import { shortId } from './short-id.ts'
import './task-peek.css'

interface TaskPeekProps {
  code: string
  project: Project
  sprint: Sprint
  tasks: readonly Task[]
  /** The cards that the board shows: J and K go through them. */
  shown: readonly Task[]
  steps: ReadonlyMap<number, StepRun>
  runs: readonly ProtocolRun[]
  onOpen: (code: string) => void
  onClose: () => void
}

/** A card in full beside the board, changed in place, live like the board itself. */
export function TaskPeek(props: TaskPeekProps) {
  const { code, project, sprint, tasks, shown, onOpen, onClose } = props
  const onBoard = tasks.find((it) => it.code === code)
  const elsewhere = useQuery({
    ...taskByCodeQuery(project.id, code),
    enabled: onBoard === undefined,
  })
  const task = onBoard ?? elsewhere.data
  useLiveTask(task)
  const mayEdit = useMay('work') && !(task?.sprint_id === sprint.id && isClosed(sprint))
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    heading.current?.focus({ preventScroll: true })
    // The peek takes room from the board: its card stays in sight.
    cardLink(code)?.closest('li')?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
  }, [code])
  useEffect(() => {
    const leave = (event: KeyboardEvent) => {
      // An open menu or dialog takes this Escape for itself.
      const isTaken = document.querySelector(':popover-open, dialog[open]') !== null
      if (event.key !== 'Escape' || event.defaultPrevented || isTaken) return
      onClose()
      focusCard(code)
    }
    document.addEventListener('keydown', leave)
    return () => document.removeEventListener('keydown', leave)
  }, [code, onClose])
  const close = () => {
    onClose()
    focusCard(code)
  }
  const walk = (event: Press) => {
    const { key, target, metaKey, ctrlKey, altKey } = event
    const step = { j: 1, k: -1 }[key.toLowerCase()]
    const typing = target instanceof Element && target.matches('input, textarea, select')
    if (step === undefined || typing || metaKey || ctrlKey || altKey) return
    const order = columnsOf(shown).flatMap((column) => column.tasks)
    const next = order[order.findIndex((it) => it.code === code) + step]
    if (next) onOpen(next.code)
  }
  return (
    <aside className="peek" aria-labelledby="peek-title" onKeyDown={walk}>
      <div className="peek-top">
        <p className="id">
          {task ? shortId(task) : code}
          {task && shortId(task) !== task.code && <span> {task.code}</span>}
        </p>
        <button type="button" className="button button-quiet" onClick={close}>
          <span className="hidden">Close</span>
          <CloseIcon />
        </button>
      </div>
      <h2
        id="peek-title"
        ref={heading}
        tabIndex={-1}
        className={task && mayEdit ? 'hidden' : undefined}
      >
        {task?.title ?? code}
      </h2>
      {task && <TaskDetails {...props} task={task} mayEdit={mayEdit} />}
      {!task && elsewhere.error && (
        <ErrorState error={elsewhere.error} retry={elsewhere.refetch}>
          <button type="button" className="button" onClick={close}>
            Close
          </button>
        </ErrorState>
      )}
      {!task && !elsewhere.error && <Skeleton label="Loading the card" />}
    </aside>
  )
}

const cardLink = (code: string) =>
  document.querySelector<HTMLElement>(`[data-code="${CSS.escape(code)}"]`)

const focusCard = (code: string) => cardLink(code)?.focus({ preventScroll: true })

function TaskDetails({
  task,
  mayEdit,
  steps,
  runs,
  project,
  sprint,
  tasks,
}: TaskPeekProps & { task: Task; mayEdit: boolean }) {
  const me = useQuery(sessionQuery).data?.who?.name
  return (
    <>
      {mayEdit && <PeekField task={task} name="title" label="Title" format={title} kind="title" />}
      {mayEdit && task.skipped && <p className="notice">Skipped: its points do not count.</p>}
      {task.sprint_id !== sprint.id && (
        <p className="notice">
          This card is not on this board: it is in another sprint, or in none.
        </p>
      )}
      {mayEdit ? (
        <PeekProperties task={task} people={projectPeople(tasks, me)} />
      ) : (
        <PeekFacts task={task} />
      )}
      <PeekStep task={task} slug={project.slug} steps={steps} runs={runs} />
      {mayEdit ? (
        <PeekDescription task={task} />
      ) : (
        task.description !== '' && (
          <section aria-labelledby="peek-description">
            <h3 id="peek-description">Description</h3>
            <p className="peek-text">{task.description}</p>
          </section>
        )
      )}
      <PeekChecklist task={task} mayEdit={mayEdit} />
      <PeekConflicts task={task} />
      <PeekDependencies task={task} tasks={tasks} slug={project.slug} sprintCode={sprint.code} />
      <PeekArtifacts taskId={task.id} />
      <PeekEvents taskId={task.id} />
    </>
  )
}
