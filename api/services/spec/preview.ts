import { posix } from 'node:path'
import { previewImport as command, type ImportPreview } from '../../commands/specs.ts'
import { found } from '../../core/errors.ts'
import type { ImportPlan, TaskChanges } from '../../core/speckit/import-types.ts'
import type { ParsedTasks, TaskKey } from '../../core/speckit/types.ts'
import { findProject } from '../../store/projects.ts'
import { findSpecByPath } from '../../store/specs.ts'
import { findSprint, findSprints } from '../../store/sprints.ts'
import { type TaskRow, tasksOfSpec } from '../../store/tasks.ts'
import { query } from '../query.ts'
import { isClosed, refuseClosed, sameProject } from '../sprint/guard.ts'
import { asJson, columnOf } from './merged-fields.ts'
import { specFolder } from './path.ts'
import { hashOf, planned, tell } from './plan-text.ts'
import { readCheckout } from './read-checkout.ts'

/** The plan of an import, told task by task instead of carried out. */
export const previewImport = query(command, async ({ db }, input) => {
  const project = found(await findProject(db, input.project_id), 'project', input.project_id)
  const sprint = input.sprint_id
    ? found(await findSprint(db, input.sprint_id), 'sprint', input.sprint_id)
    : null
  if (sprint) {
    sameProject(`Sprint ${sprint.code}`, sprint.project_id, project.id)
    refuseClosed(sprint)
  }
  const folder = specFolder(input.spec_path)
  const text = input.content ?? (await readCheckout(project, folder))
  const spec = await findSpecByPath(db, project.id, folder)
  const rows = spec ? await tasksOfSpec(db, spec.id) : []
  const sprints = await findSprints(
    db,
    rows.flatMap(({ sprint_id }) => sprint_id ?? []),
  )
  const open = new Set(sprints.filter((it) => !isClosed(it)).map((it) => it.id))
  const overwriteExisting = input.overwrite_existing
  const { parsed, plan, isOpen } = planned(
    { text, overwriteExisting, takeBacklog: true },
    rows,
    open,
    sprint?.id ?? null,
  )
  const contentHash = hashOf(text)
  const readOnly = new Set(rows.filter((row) => !isOpen(row)).map((row) => row.id))
  const edges = plan.dependencies.filter(({ taskId }) => taskId === null || !readOnly.has(taskId))
  const hard = edges.filter(({ kind }) => kind === 'hard').length
  return {
    spec_id: spec?.id ?? null,
    spec_path: posix.join(folder, 'tasks.md'),
    imports: spec?.imports ?? 0,
    seen_before: spec?.content_hash === contentHash,
    sprint_id: sprint?.id ?? null,
    content_hash: contentHash,
    recognised: parsed.tasks.length,
    tasks: previewed(parsed, plan, rows, readOnly),
    moved: plan.moves.length,
    ...tell(plan, rows),
    dependencies: { hard, suggested: edges.length - hard },
    skipped: parsed.skipped,
  }
})

const keyOf = ({ externalId, occurrence }: TaskKey) => `${occurrence} ${externalId}`

function previewed(
  parsed: ParsedTasks,
  plan: ImportPlan,
  rows: readonly TaskRow[],
  readOnly: ReadonlySet<number>,
): ImportPreview['tasks'] {
  const idOf = new Map(rows.map((row) => [`${row.occurrence} ${row.external_id}`, row.id]))
  const updates = new Map(plan.updates.map((update) => [update.id, update]))
  const restores = new Map(plan.restores.map((restore) => [restore.id, restore]))
  const moves = new Set(plan.moves.map((move) => move.id))
  const needs = new Map<string, string[]>()
  for (const { task, dependsOn, kind } of plan.dependencies) {
    if (kind !== 'hard') continue
    const known = needs.get(keyOf(task))
    if (known) known.push(dependsOn.externalId)
    else needs.set(keyOf(task), [dependsOn.externalId])
  }
  return parsed.tasks.map((task) => {
    const task_id = idOf.get(keyOf(task)) ?? null
    const update = task_id === null ? undefined : updates.get(task_id)
    const restore = task_id === null ? undefined : restores.get(task_id)
    const changes = [
      ...(update ? changesOf(update) : []),
      ...(restore ? [{ field: 'board_status', from: 'archived', to: restore.boardStatus }] : []),
    ]
    return {
      line: task.line,
      external_id: task.externalId,
      occurrence: task.occurrence,
      title: task.title,
      mark: task.mark,
      labels: task.labels,
      phase: task.phase?.title ?? null,
      assignee: task.assignee,
      story_points: task.points,
      depends_on: needs.get(keyOf(task)) ?? [],
      task_id,
      outcome: outcomeOf(task_id, changes.length > 0, readOnly),
      changes,
      moved: task_id !== null && moves.has(task_id),
    }
  })
}

function outcomeOf(taskId: number | null, changed: boolean, readOnly: ReadonlySet<number>) {
  if (taskId === null) return 'new'
  if (readOnly.has(taskId)) return 'kept'
  return changed ? 'changed' : 'unchanged'
}

const changesOf = ({ changes, from }: { changes: TaskChanges; from: TaskChanges }) =>
  (Object.keys(changes) as (keyof TaskChanges)[]).map((field) => ({
    field: columnOf[field] ?? field,
    from: asJson(from[field]),
    to: asJson(changes[field]),
  }))
