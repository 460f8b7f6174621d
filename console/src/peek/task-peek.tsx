import { useQuery } from '@tanstack/react-query'
import { type KeyboardEvent as Press, type RefObject, useEffect, useRef, useState } from 'react'
import { somethingIsOpen } from '../actions/keys.ts'
import { sprintsQuery, taskByCodeQuery } from '../api/queries.ts'
import type { Project, Sprint, Task } from '../api/types.ts'
import { UnsentCardSign } from '../edits/unsent-sign.tsx'
import { useEdits, useOverlaid } from '../edits/use-edits.ts'
import { shortId } from '../scrum/short-id.ts'
import { isClosed } from '../scrum/sprint-order.ts'
import { sessionQuery, useMay } from '../session/session.ts'
import { CloseIcon } from '../ui/close-icon.tsx'
import { ErrorState, Skeleton } from '../ui/states.tsx'
import { openPeek } from './address.ts'
import { cardLink, focusCard } from './card-link.ts'
import { title } from './draft.ts'
import { PeekArtifacts } from './peek-artifacts.tsx'
import { PeekChecklist } from './peek-checklist.tsx'
import { PeekConflicts } from './peek-conflicts.tsx'
import { PeekDependencies } from './peek-dependencies.tsx'
import { PeekEvents } from './peek-events.tsx'
import { PeekFacts } from './peek-facts.tsx'
import { PeekField } from './peek-field.tsx'
import { PeekHistory } from './peek-history.tsx'
import { PeekDescription, PeekProperties } from './peek-properties.tsx'
import { PeekStep } from './peek-step.tsx'
import { projectPeople } from './people.ts'
import { useLiveTask } from './use-live-task.ts'
import './task-peek.css'

interface TaskPeekProps {
  project: Project
  code: string
  onClose: () => void
  /** The page's own cards, which it keeps true; any other card of the project is read. */
  tasks?: readonly Task[]
  /** The cards that J and K go through, in their order. */
  neighbours?: () => readonly Task[]
  /** The board it stands beside: a card from elsewhere says so. */
  board?: Sprint
}

const none: readonly Task[] = []

/** A card in full beside a page, changed in place, live like the page itself. */
export function TaskPeek(props: TaskPeekProps) {
  const { project, code, onClose, tasks = none, neighbours, board } = props
  const { task, error, refetch } = useCard(project, code, tasks)
  useLiveTask(project.id, task)
  const { data: sprints } = useQuery(sprintsQuery(project.id))
  const sprint = sprints?.find(({ id }) => id === task?.sprint_id) ?? board
  const ended = sprint !== undefined && sprint.id === task?.sprint_id && isClosed(sprint)
  const mayEdit = useMay('work') && !ended && task?.board_status !== 'archived'
  const aside = useRef<HTMLElement>(null)
  const hasFields = useHasFields(aside, mayEdit)
  const { undo } = useEdits()
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    heading.current?.focus({ preventScroll: true })
    // The peek takes room from the page: its card stays in sight.
    cardLink(code)?.closest('li')?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
  }, [code])
  useEffect(() => {
    const leave = (event: KeyboardEvent) => {
      if (event.key !== 'Escape' || event.defaultPrevented || somethingIsOpen()) return
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
  const press = (event: Press) => {
    const { key, target, metaKey, ctrlKey, altKey, shiftKey } = event
    if (!(target instanceof Element) || event.defaultPrevented || altKey) return
    const step = { j: 1, k: -1 }[key.toLowerCase()]
    const typing = target.matches('input, textarea, select')
    if (metaKey || ctrlKey) {
      // A field that holds nothing unsaved has nothing of its own to undo.
      const saved = typing && !target.matches('[data-touched]')
      if (key.toLowerCase() !== 'z' || shiftKey || !saved) return
      event.preventDefault()
      undo()
    } else if (step !== undefined && !typing && neighbours) {
      const order = neighbours()
      const next = order[order.findIndex((it) => it.code === code) + step]
      if (next) openPeek(next.code)
    }
  }
  return (
    <aside
      ref={aside}
      className={board ? 'peek' : 'peek peek-over'}
      aria-labelledby="peek-title"
      onKeyDown={press}
    >
      <div className="peek-top">
        <p className="id">
          {task ? shortId(task) : code}
          {task && shortId(task) !== task.code && <span> {task.code}</span>}
        </p>
        {task && <UnsentCardSign taskId={task.id} />}
        <button type="button" className="button button-quiet" onClick={close}>
          <span className="hidden">Close</span>
          <CloseIcon />
        </button>
      </div>
      <h2
        id="peek-title"
        ref={heading}
        tabIndex={-1}
        className={task && hasFields ? 'hidden' : undefined}
      >
        {task?.title ?? code}
      </h2>
      {task && hasFields && !mayEdit && (
        <p className="notice notice-bad" role="alert">
          This card can no longer be changed, so what you typed is not saved. Copy it before you
          close this.
        </p>
      )}
      {task && <TaskDetails {...props} tasks={tasks} task={task} mayEdit={hasFields} />}
      {!task && error && (
        <ErrorState error={error} retry={refetch}>
          <button type="button" className="button" onClick={close}>
            Close
          </button>
        </ErrorState>
      )}
      {!task && !error && <Skeleton label="Loading the card" />}
    </aside>
  )
}

/** What is being typed stays in its field, though the card cannot be changed any more. */
function useHasFields(aside: RefObject<HTMLElement | null>, mayEdit: boolean): boolean {
  const [had, setHad] = useState(mayEdit)
  useEffect(() => {
    setHad(mayEdit || aside.current?.querySelector('[data-touched]') != null)
  }, [aside, mayEdit])
  return mayEdit || had
}

/** The card as its page has it, else as it is read; one that leaves the page stays in sight. */
function useCard(project: Project, code: string, tasks: readonly Task[]) {
  const onPage = tasks.find((it) => it.code === code)
  const read = useQuery({
    ...taskByCodeQuery(project.id, code),
    enabled: onPage === undefined,
  })
  const [last, setLast] = useState<Task>()
  if (onPage && onPage !== last) setLast(onPage)
  const task = useOverlaid(onPage ?? read.data ?? last)
  return { task, error: read.error, refetch: read.refetch }
}

interface TaskDetailsProps extends TaskPeekProps {
  tasks: readonly Task[]
  task: Task
  mayEdit: boolean
}

function TaskDetails({ task, mayEdit, project, board, tasks }: TaskDetailsProps) {
  const me = useQuery(sessionQuery).data?.who?.name
  return (
    <>
      {mayEdit && <PeekField task={task} name="title" label="Title" format={title} kind="title" />}
      {mayEdit && task.skipped && <p className="notice">Skipped: its points do not count.</p>}
      {task.board_status === 'archived' && <p className="notice">This card is archived.</p>}
      {board && task.sprint_id !== board.id && (
        <p className="notice">
          This card is not on this board: it is in another sprint, or in none.
        </p>
      )}
      {mayEdit ? (
        <PeekProperties task={task} people={projectPeople(tasks, me)} />
      ) : (
        <PeekFacts task={task} />
      )}
      <PeekStep task={task} slug={project.slug} />
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
      <PeekDependencies task={task} tasks={tasks} project={project} mayEdit={mayEdit} />
      <PeekArtifacts taskId={task.id} />
      <PeekHistory project={project} taskId={task.id} />
      <PeekEvents taskId={task.id} />
    </>
  )
}
