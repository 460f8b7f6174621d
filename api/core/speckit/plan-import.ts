import type {
  ExistingTask,
  ImportedFields,
  ImportOptions,
  ImportPlan,
  MergedField,
  NewTask,
  TaskChanges,
} from './import-types.ts'
import { isSameImport, mergeField } from './merge-field.ts'
import { mergeStatus, statusOfMark } from './merge-status.ts'
import type { ParsedTask, ParsedTasks, TaskKey } from './types.ts'

function keyOf(key: TaskKey): string {
  return `${key.occurrence} ${key.externalId}`
}

function importedOf(task: ParsedTask): ImportedFields {
  return {
    title: task.title,
    description: task.body,
    labels: task.labels,
    assignee: task.assignee,
    points: task.points,
    parallel: task.parallel,
    mark: task.mark,
  }
}

/**
 * Plans the import of a parsed file over the cards of its spec, `existing`, archived ones included.
 * Pure and linear. Applying the plan and planning again gives an empty plan: each import moves the
 * base of every card it saw, so a conflict is reported once, when it arises.
 */
export function planImport(
  parsed: ParsedTasks,
  existing: readonly ExistingTask[],
  options: ImportOptions,
): ImportPlan {
  const plan: ImportPlan = {
    inserts: [],
    updates: [],
    archives: [],
    restores: [],
    moves: [],
    kept: [],
    conflicts: [],
    rebased: [],
    unchanged: 0,
    dependencies: [],
  }
  const cards = new Map(existing.map((card) => [keyOf(card), card]))
  const inFile = new Set<string>()
  for (const task of parsed.tasks) {
    inFile.add(keyOf(task))
    const card = cards.get(keyOf(task))
    if (card === undefined) plan.inserts.push(insertOf(task, options))
    else mergeCard(plan, task, card, options)
  }
  for (const card of existing) if (!inFile.has(keyOf(card))) vanish(plan, card)
  plan.dependencies = parsed.dependencies.map(({ task, dependsOn, kind, confidence }) => ({
    task,
    dependsOn,
    taskId: cards.get(keyOf(task))?.id ?? null,
    dependsOnId: cards.get(keyOf(dependsOn))?.id ?? null,
    kind,
    confidence,
  }))
  return plan
}

/** True when applying the plan would write nothing about tasks. */
export function isEmptyPlan(plan: ImportPlan): boolean {
  const { inserts, updates, archives, restores, moves, conflicts, rebased } = plan
  return [inserts, updates, archives, restores, moves, conflicts, rebased].every(
    (list) => list.length === 0,
  )
}

function insertOf(task: ParsedTask, options: ImportOptions): NewTask {
  const { externalId, occurrence, line, title, body, parallel, labels, assignee, points } = task
  return {
    externalId,
    occurrence,
    line,
    title,
    description: body,
    parallel,
    labels,
    assignee,
    storyPoints: points,
    boardStatus: statusOfMark(task.mark, options.sprintId !== null),
    sprintId: options.sprintId,
    imported: importedOf(task),
  }
}

/**
 * A card whose task is gone: archived, unless a step owns it or its sprint is closed. The base
 * remembers that an import did it, so that an import may bring it back; a card that someone archived
 * by hand stays archived, and one that someone took out of the archive again stays out.
 */
function vanish(plan: ImportPlan, card: ExistingTask): void {
  const { id, externalId } = card
  if (isArchived(card) || card.imported?.mark === 'absent') return
  if (card.linkedStep) plan.kept.push({ id, externalId, reason: 'linked_to_step' })
  else if (card.readOnly) plan.kept.push({ id, externalId, reason: 'read_only_sprint' })
  else {
    plan.archives.push({ id, externalId })
    plan.rebased.push({ id, imported: { ...(card.imported ?? boardFields(card)), mark: 'absent' } })
  }
}

function isArchived(card: ExistingTask): boolean {
  return card.archived || card.boardStatus === 'archived'
}

function boardFields(card: ExistingTask): Omit<ImportedFields, 'mark'> {
  const { title, description, labels, assignee, storyPoints, parallel } = card
  return { title, description, labels, assignee, points: storyPoints, parallel: parallel ?? false }
}

interface Field {
  name: Exclude<MergedField, 'boardStatus'>
  file: unknown
  board: unknown
  base: unknown
}

function fieldsOf(task: ParsedTask, card: ExistingTask): Field[] {
  const base = card.imported
  const fields: Field[] = [
    { name: 'title', file: task.title, board: card.title, base: base?.title },
    { name: 'description', file: task.body, board: card.description, base: base?.description },
    { name: 'labels', file: task.labels, board: card.labels, base: base?.labels },
    { name: 'assignee', file: task.assignee, board: card.assignee, base: base?.assignee },
    { name: 'storyPoints', file: task.points, board: card.storyPoints, base: base?.points },
  ]
  if (card.parallel !== undefined) {
    fields.push({
      name: 'parallel',
      file: task.parallel,
      board: card.parallel,
      base: base?.parallel,
    })
  }
  return fields
}

function mergeCard(
  plan: ImportPlan,
  task: ParsedTask,
  card: ExistingTask,
  options: ImportOptions,
): void {
  const { id, externalId } = card
  if (card.readOnly) {
    plan.kept.push({ id, externalId, reason: 'read_only_sprint' })
    return
  }
  const before = plan.conflicts.length
  const changes: Record<string, unknown> = {}
  const from: Record<string, unknown> = {}
  const overwrite = options.overwriteExisting ?? false
  for (const { name, file, board, base } of fieldsOf(task, card)) {
    const held = card.handSet?.includes(name) ?? false
    const merged = mergeField(file, board, card.imported === null ? null : { value: base }, held)
    if (merged === 'conflict') {
      plan.conflicts.push({ taskId: id, field: name, file, board, base: base ?? null })
    }
    if (merged === 'file' || (merged === 'conflict' && overwrite)) {
      changes[name] = file
      from[name] = board
    }
  }

  const restorable =
    options.sprintId !== null &&
    (options.takeBacklog ?? true) &&
    card.sprintId === null &&
    !card.linkedStep
  const inSprint = card.sprintId !== null || restorable
  const restored = mergeCardStatus(plan, task, card, { overwrite, inSprint, changes, from })
  const moves = restorable && (restored || !isArchived(card))
  if (moves && options.sprintId !== null) {
    const waits = card.boardStatus === 'backlog' && changes.boardStatus === undefined
    plan.moves.push({ id, sprintId: options.sprintId, boardStatus: waits ? 'todo' : null })
  } else if (
    options.sprintId !== null &&
    card.sprintId !== null &&
    card.sprintId !== options.sprintId &&
    !isArchived(card)
  ) {
    plan.kept.push({ id, externalId, reason: 'other_sprint' })
  }
  const changed = Object.keys(changes).length > 0
  if (changed) plan.updates.push({ id, changes: changes as TaskChanges, from: from as TaskChanges })

  const imported = importedOf(task)
  const rebases = card.imported === null || !isSameImport(card.imported, imported)
  if (rebases) plan.rebased.push({ id, imported })
  const conflicted = plan.conflicts.length > before
  if (!changed && !rebases && !conflicted && !moves && !restored) plan.unchanged++
}

/** The status of a card that a step owns is never touched. Returns whether the card was restored. */
function mergeCardStatus(
  plan: ImportPlan,
  task: ParsedTask,
  card: ExistingTask,
  context: {
    overwrite: boolean
    inSprint: boolean
    changes: Record<string, unknown>
    from: Record<string, unknown>
  },
): boolean {
  if (card.linkedStep) return false
  const merged = mergeStatus(card, task.mark, context.inSprint)
  if (merged.kind === 'same') return false
  const { boardStatus } = merged
  if (merged.kind === 'conflict') {
    const base = card.imported?.mark
    plan.conflicts.push({
      taskId: card.id,
      field: 'boardStatus',
      file: boardStatus,
      board: card.boardStatus,
      base: base === undefined ? null : statusOfMark(base, context.inSprint),
    })
    if (!context.overwrite) return false
  }
  if (isArchived(card)) {
    plan.restores.push({ id: card.id, externalId: card.externalId, boardStatus })
    return true
  }
  context.changes.boardStatus = boardStatus
  context.from.boardStatus = card.boardStatus
  return false
}
