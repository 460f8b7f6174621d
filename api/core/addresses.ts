/**
 * Fields by which a sprint, a task or a project is named, and what they name: an id, or in its
 * place what people call it, the code of a sprint or task and the slug of a project.
 */
export const addressed: Readonly<Record<string, Addressed>> = {
  project_id: 'project',
  sprint_id: 'sprint',
  task_id: 'task',
  task_ids: 'task',
  depends_on_id: 'task',
  before_task_id: 'task',
  after_task_id: 'task',
}
export type Addressed = 'project' | 'sprint' | 'task'

/** Objects within an input whose fields are the fields of the entity, so named alike. */
export const within: readonly string[] = ['changes', 'expected']

/** What codes and slugs look like; anything else in such a field is a wrong id. */
export const namePattern = '^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$'

const looksLikeName = new RegExp(namePattern)

/** Whether this stands for a name: digits alone are an id. */
export const isName = (value: unknown): value is string =>
  typeof value === 'string' && looksLikeName.test(value) && !/^\d+$/.test(value)
