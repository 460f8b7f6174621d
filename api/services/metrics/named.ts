import type { cardNames } from '../../store/tasks.ts'

/** A card of a chart by what people call it; cards are archived, never deleted. */
export function named(names: Awaited<ReturnType<typeof cardNames>>, taskId: number) {
  const { code = '', title = '', sprint_id = null } = names.get(taskId) ?? {}
  return { task_id: taskId, code, title, sprint_id }
}
