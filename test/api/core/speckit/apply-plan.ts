import type {
  BoardStatus,
  ExistingTask,
  ImportPlan,
} from '../../../../api/core/speckit/import-types.ts'

/** Applies a plan to cards in memory, the way the store does to rows. */
export function applyPlan(cards: readonly ExistingTask[], plan: ImportPlan): ExistingTask[] {
  const next = new Map(cards.map((card) => [card.id, structuredClone(card)]))
  const card = (id: number): ExistingTask => {
    const found = next.get(id)
    if (found === undefined) throw new Error(`the plan names a card ${id} that is not there`)
    return found
  }
  const put = (target: ExistingTask, status: BoardStatus) => {
    target.boardStatus = status
    target.archived = status === 'archived'
  }
  for (const { id, changes } of plan.updates) {
    const { boardStatus, ...fields } = changes
    Object.assign(card(id), fields)
    if (boardStatus !== undefined) put(card(id), boardStatus)
  }
  for (const { id } of plan.archives) put(card(id), 'archived')
  for (const { id, boardStatus } of plan.restores) put(card(id), boardStatus)
  for (const { id, sprintId, boardStatus } of plan.moves) {
    card(id).sprintId = sprintId
    if (boardStatus !== null) put(card(id), boardStatus)
  }
  for (const { id, imported } of plan.rebased) card(id).imported = imported
  let id = Math.max(0, ...next.keys())
  for (const { line: _line, ...task } of plan.inserts) {
    id++
    next.set(id, {
      ...structuredClone(task),
      id,
      linkedStep: false,
      archived: task.boardStatus === 'archived',
    })
  }
  return [...next.values()]
}
