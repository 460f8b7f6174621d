import { useQueries, useQuery, useQueryClient } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { dependenciesQuery, taskQuery } from '../api/queries.ts'
import type { Project, Task, TaskDependency } from '../api/types.ts'
import { Link } from '../routing/link.tsx'
import { useLocation, withParameter } from '../routing/location.ts'
import { columnNames } from '../scrum/columns.ts'
import { shortId } from '../scrum/short-id.ts'
import { announce } from '../ui/announcer.tsx'
import { CloseIcon } from '../ui/close-icon.tsx'
import { ErrorState } from '../ui/states.tsx'
import { StatusMark } from '../ui/status-mark.tsx'
import { AddDependency } from './add-dependency.tsx'
import { explain } from './explain.ts'
import { removeDependency } from './requests.ts'

interface PeekDependenciesProps {
  task: Task
  /** The cards of the page, which are true without being read. */
  tasks: readonly Task[]
  project: Project
  mayEdit: boolean
}

/** What has to be done before a card, and what waits for it. */
export function PeekDependencies({ task, tasks, project, mayEdit }: PeekDependenciesProps) {
  const { data, error, refetch } = useQuery(dependenciesQuery(task.id))
  const here = new Map(tasks.map((it) => [it.id, it]))
  const ids = data
    ? [...data.depends_on.map((it) => it.depends_on_id), ...data.needed_by.map((it) => it.task_id)]
    : []
  const elsewhere = useQueries({
    queries: ids.filter((id) => !here.has(id)).map((id) => taskQuery(id)),
  })
  for (const { data: other } of elsewhere) if (other) here.set(other.id, other)

  if (!data) return error ? <ErrorState error={error} retry={refetch} /> : null
  const list = (title: string, edges: TaskDependency[], end: 'task_id' | 'depends_on_id') =>
    edges.length > 0 && (
      <section aria-label={title}>
        <h3>{title}</h3>
        <ul className="peek-links">
          {edges.map((edge) => (
            <Edge key={edge[end]} edge={edge} other={here.get(edge[end])} mayEdit={mayEdit} />
          ))}
        </ul>
      </section>
    )
  return (
    <>
      {list('Depends on', data.depends_on, 'depends_on_id')}
      {list('Needed by', data.needed_by, 'task_id')}
      {mayEdit && <AddDependency task={task} project={project} known={data} />}
    </>
  )
}

interface EdgeProps {
  edge: TaskDependency
  other: Task | undefined
  mayEdit: boolean
}

function Edge({ edge, other, mayEdit }: EdgeProps) {
  const client = useQueryClient()
  const [wrong, setWrong] = useState('')
  const line = useRef<HTMLLIElement>(null)
  const remove = async () => {
    try {
      await removeDependency(edge.task_id, edge.depends_on_id)
      // The button goes with its line: the focus stays near.
      line.current?.closest('aside')?.querySelector<HTMLElement>('.peek-add-dependency')?.focus()
      announce('The dependency is removed.')
      for (const id of [edge.task_id, edge.depends_on_id]) {
        void client.invalidateQueries({ queryKey: dependenciesQuery(id).queryKey })
      }
    } catch (error) {
      setWrong(explain(error))
    }
  }
  return (
    <li ref={line}>
      {other ? <Other other={other} /> : <span className="id">…</span>}
      {edge.kind === 'suggested' && <span className="peek-fine">suggested</span>}
      {mayEdit && (
        <button type="button" className="button button-quiet" onClick={() => void remove()}>
          <span className="hidden">Remove the dependency on {other ? shortId(other) : ''}</span>
          <CloseIcon />
        </button>
      )}
      {wrong && (
        <p className="field-error" role="alert">
          {wrong}
        </p>
      )}
    </li>
  )
}

function Other({ other }: { other: Task }) {
  const { path, query } = useLocation()
  return (
    <>
      <StatusMark status={other.board_status} />
      <span className="hidden">{columnNames[other.board_status]}: </span>
      <Link to={`${path}?${withParameter(query, 'task', other.code)}`}>
        <span className="id">{shortId(other)}</span> {other.title}
      </Link>
    </>
  )
}
