import { isDeepStrictEqual } from 'node:util'
import { notFound } from '../../core/errors.ts'
import {
  addDependencies,
  dependenciesOfTasks,
  removeDependencies,
} from '../../store/dependencies.ts'
import { findTasks, type TaskRow } from '../../store/tasks.ts'
import type { Work } from '../runtime.ts'
import type { Edge, Refusal } from './task-content.ts'

/** Gives locked tasks these dependencies and no others, and tells of each that comes or goes. */
export async function restoreDependencies(
  work: Work,
  wanted: readonly { task: TaskRow; depends_on: readonly Edge[] }[],
): Promise<Refusal[]> {
  if (wanted.length === 0) return []
  const present = new Map<number, Map<number, Edge>>()
  for (const { task_id, ...edge } of await dependenciesOfTasks(
    work.tx,
    wanted.map(({ task }) => task.id),
  )) {
    const edges = present.get(task_id) ?? new Map<number, Edge>()
    present.set(task_id, edges.set(edge.depends_on_id, edge))
  }
  const ends = wanted.flatMap(({ depends_on }) => depends_on.map((it) => it.depends_on_id))
  const there = new Map((await findTasks(work.tx, [...new Set(ends)])).map((it) => [it.id, it]))

  const refused: Refusal[] = []
  const gone: TaskEdge[] = []
  const added: TaskEdge[] = []
  for (const { task, depends_on } of wanted) {
    const edges = present.get(task.id) ?? new Map<number, Edge>()
    const missing = depends_on.find(({ depends_on_id }) => !there.has(depends_on_id))
    if (missing) {
      refused.push({ task_id: task.id, error: notFound('task', missing.depends_on_id) })
      continue
    }
    // Another edge between the same tasks goes first: adding one only ever strengthens it.
    const kept = depends_on.filter((it) => isDeepStrictEqual(edges.get(it.depends_on_id), it))
    const stays = new Set(kept.map((it) => it.depends_on_id))
    gone.push(
      ...[...edges.values()]
        .filter((it) => !stays.has(it.depends_on_id))
        .map((edge) => ({ task, edge })),
    )
    added.push(...depends_on.filter((it) => !kept.includes(it)).map((edge) => ({ task, edge })))
  }
  await removeDependencies(work.tx, gone.map(edgeOf))
  await addDependencies(work.tx, added.map(edgeOf))
  await work.record(
    ...gone.map(({ task, edge: { depends_on_id } }) => ({
      ...about(task),
      type: 'task.dependency_removed' as const,
      payload: { depends_on_id },
    })),
    ...added.map(({ task, edge: { depends_on_id, kind } }) => ({
      ...about(task),
      type: 'task.dependency_added' as const,
      payload: { depends_on_id, kind },
    })),
  )
  return refused
}

interface TaskEdge {
  task: TaskRow
  edge: Edge
}

const edgeOf = ({ task, edge }: TaskEdge) => ({
  ...edge,
  task_id: task.id,
  project_id: task.project_id,
})

const about = (task: TaskRow) => ({
  entity_type: 'task',
  entity_id: task.id,
  project_id: task.project_id,
  sprint_id: task.sprint_id,
})
