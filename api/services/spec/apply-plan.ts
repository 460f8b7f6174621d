import type { Spec } from '../../core/entities/spec.ts'
import { gap } from '../../core/ordering.ts'
import type { ImportPlan, TaskChanges } from '../../core/speckit/import-types.ts'
import { defaultPoints } from '../../core/step-defaults.ts'
import { addDependencies, removeStaleDependencies } from '../../store/dependencies.ts'
import type { TaskRow } from '../../store/tasks.ts'
import { recordConflictsOf } from '../conflict/record.ts'
import type { Work } from '../runtime.ts'
import { changeTasks, makeTasks } from '../task/change.ts'
import { asJson, columnOf } from './merged-fields.ts'

export interface Applied {
  hard: number
  suggested: number
  dependenciesChanged: boolean
}

/** Writes a plan down: a statement per kind of row, however many tasks there are. */
export async function applyPlan(
  work: Work,
  spec: Spec,
  rows: readonly TaskRow[],
  plan: ImportPlan,
  sprintId: number | null,
  isOpen: (task: TaskRow) => boolean,
): Promise<Applied> {
  const batch = { toldTo: sprintId }
  const created = await makeTasks(
    work,
    spec.project_id,
    plan.inserts.map((task) => ({
      spec_id: spec.id,
      external_id: task.externalId,
      occurrence: task.occurrence,
      imported: { ...task.imported },
      sprint_id: task.sprintId,
      title: task.title,
      description: task.description,
      labels: task.labels,
      assignee: task.assignee,
      story_points: task.storyPoints ?? defaultPoints(null),
      board_status: task.boardStatus,
      position: task.line * gap,
      // A box that was ticked before anyone looked was ticked at a time nobody knows.
      completed_at: null,
    })),
    'import',
    batch,
  )
  await changeTasks(work, changedRows(rows, plan), 'import', batch)
  const known = new Map(rows.map((row) => [row.id, row]))
  await recordConflictsOf(
    work,
    plan.conflicts.flatMap((conflict) => {
      const task = known.get(conflict.taskId)
      return task
        ? [
            {
              task,
              sides: {
                source: 'spec' as const,
                field: columnOf[conflict.field] ?? conflict.field,
                step_run_id: null,
                base_value: asJson(conflict.base),
                board_value: asJson(conflict.board),
                other_value: asJson(conflict.file),
              },
            },
          ]
        : []
    }),
  )
  return applyDependencies(work, spec, [...rows, ...created], plan, isOpen)
}

function changedRows(rows: readonly TaskRow[], plan: ImportPlan) {
  const after = new Map<number, TaskRow>()
  const before = new Map(rows.map((row) => [row.id, row]))
  const change = (id: number, values: Partial<TaskRow>) => {
    const row = after.get(id) ?? before.get(id)
    if (row) after.set(id, { ...row, ...values })
  }
  for (const { id, changes } of plan.updates) {
    const values = columns(changes)
    // What the file has set is no longer set by hand.
    const hand_set = before.get(id)?.hand_set.filter((field) => !(field in values)) ?? []
    change(id, { ...values, hand_set })
  }
  for (const { id, sprintId, boardStatus } of plan.moves) {
    change(id, { sprint_id: sprintId, ...(boardStatus ? { board_status: boardStatus } : {}) })
  }
  for (const { id, boardStatus } of plan.restores) change(id, { board_status: boardStatus })
  for (const { id } of plan.archives) change(id, { board_status: 'archived' })
  for (const { id, imported } of plan.rebased) change(id, { imported: { ...imported } })
  return [...after].flatMap(([id, row]) => {
    const old = before.get(id)
    return old ? [{ before: old, after: row }] : []
  })
}

const columns = ({ boardStatus, storyPoints, parallel: _, ...same }: TaskChanges) => ({
  ...same,
  ...(boardStatus === undefined ? {} : { board_status: boardStatus }),
  ...(storyPoints === undefined ? {} : { story_points: storyPoints }),
})

async function applyDependencies(
  work: Work,
  spec: Spec,
  tasks: readonly TaskRow[],
  plan: ImportPlan,
  isOpen: (task: TaskRow) => boolean,
): Promise<Applied> {
  const openIds = new Set(tasks.filter(isOpen).map((task) => task.id))
  const idOf = new Map(tasks.map((task) => [`${task.occurrence} ${task.external_id}`, task.id]))
  const edges = plan.dependencies.flatMap(({ task, dependsOn, kind, confidence }) => {
    const task_id = idOf.get(`${task.occurrence} ${task.externalId}`)
    const depends_on_id = idOf.get(`${dependsOn.occurrence} ${dependsOn.externalId}`)
    return task_id === undefined || depends_on_id === undefined || !openIds.has(task_id)
      ? []
      : [
          {
            task_id,
            depends_on_id,
            project_id: spec.project_id,
            kind,
            confidence,
            source: 'spec' as const,
          },
        ]
  })
  const removed = await removeStaleDependencies(work.tx, 'spec', [...openIds], edges)
  const added = await addDependencies(work.tx, edges)
  const hard = edges.filter((edge) => edge.kind === 'hard').length
  return {
    hard,
    suggested: edges.length - hard,
    dependenciesChanged: removed + added.length > 0,
  }
}
