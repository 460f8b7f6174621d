/** Where AGENT.yml says what of a task, below its key `task`. */
export const taskKeys: Readonly<Record<string, string>> = {
  title: 'title',
  status: 'board_status',
  type: 'type',
  priority: 'priority',
  story_points: 'story_points',
  assignee: 'assignee',
  due_date: 'due_date',
  labels: 'labels',
  objectives: 'objectives',
  deliverables: 'deliverables',
  acceptance_criteria: 'acceptance_criteria',
}

/** What the database alone writes. */
export const generatedPaths: Readonly<Record<string, readonly string[]>> = {
  'generated.task_id': ['task_id'],
  'generated.task_hash': ['task_hash'],
  'generated.parent.sprint': ['parent', 'sprint'],
  'generated.parent.sprint_hash': ['parent', 'sprint_hash'],
}

/** Keys of the top that are not the agent's. Every other one is kept in `agent_config`. */
export const ourKeys: readonly string[] = ['task', 'task_id', 'task_hash', 'parent']

const config = 'agent_config.'
export const configField = (key: string) => config + key
export const configKey = (field: string) =>
  field.startsWith(config) ? field.slice(config.length) : null

/** Where a field stands in AGENT.yml. */
export function pathOf(field: string): readonly string[] | null {
  const key = configKey(field)
  if (key !== null) return [key]
  const generated = generatedPaths[field]
  if (generated) return generated
  const name = Object.keys(taskKeys).find((it) => taskKeys[it] === field)
  return name === undefined ? null : ['task', name]
}
