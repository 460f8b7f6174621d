import { configKey } from './agent-fields.ts'
import type { Fields, Json } from './fields.ts'

const ofTask: readonly string[] = [
  'title',
  'description',
  'board_status',
  'type',
  'priority',
  'story_points',
  'assignee',
  'due_date',
  'labels',
  'objectives',
  'deliverables',
  'acceptance_criteria',
]
const ofSprint: readonly string[] = ['name', 'goal', 'start_date', 'end_date', 'velocity_planned']

/** Which fields a file may change. Others it shows alone. */
export const fieldsToTake: Readonly<Record<'task' | 'sprint', (field: string) => boolean>> = {
  task: (field) => ofTask.includes(field) || configKey(field) !== null,
  sprint: (field) => ofSprint.includes(field),
}

/** A file cannot leave these out. */
export const requiredFields: readonly string[] = [
  'title',
  'name',
  'board_status',
  'status',
  'type',
  'priority',
]

const lists: readonly string[] = ['labels', 'objectives', 'deliverables', 'acceptance_criteria']

/** Fields as a file has them, as a change of the task or sprint: to be validated like any other. */
export function wantedOf(
  fields: Fields,
  agentConfig: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const wanted: Record<string, unknown> = {}
  const config = { ...agentConfig }
  for (const [field, value] of Object.entries(fields)) {
    const key = configKey(field)
    if (key === null) wanted[field] = value ?? emptyOf(field)
    else if (value === null) delete config[key]
    else config[key] = value
  }
  const changesConfig = Object.keys(fields).some((field) => configKey(field) !== null)
  return changesConfig ? { ...wanted, agent_config: config } : wanted
}

function emptyOf(field: string): Json {
  if (lists.includes(field)) return []
  return field === 'description' ? '' : null
}

const files: readonly string[] = ['TASK.md', 'AGENT.yml']

/** Whether this is what each of two files says, rather than what they all say. */
export const saidByEach = (value: Json): value is Record<string, Json> =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  Object.keys(value).length > 1 &&
  Object.keys(value).every((name) => files.includes(name))
