import { isDevice } from './devices.ts'

/** A sprint or task as its folder is named. */
export interface Coded {
  id: number
  code: string
}

const code = '[A-Za-z0-9][A-Za-z0-9._-]{0,79}'
const folder = `${code}|_${code}_\\d+`
const sprintPath = new RegExp(`^delegation/sprints/(${folder})/SPRINT\\.md$`)
const taskPath = new RegExp(`^delegation/sprints/(${folder})/(${folder})/(TASK\\.md|AGENT\\.yml)$`)

export type FileName = 'SPRINT.md' | 'TASK.md' | 'AGENT.yml'

/**
 * Codes are names of folders as they are, but for those that some system would not take for a
 * folder of its own: these have their id as well, and begin as no code does.
 * @param again another of the project had this code before, in other upper and lower case
 */
export const sprintFolder = (sprint: Coded, again: boolean) =>
  `delegation/sprints/${named(sprint, again)}`

/** `within`: the folder of its sprint. */
export const taskFolder = (within: string, task: Coded, again: boolean) =>
  `${within}/${named(task, again || /^sprint\.md$/i.test(task.code))}`

function named({ id, code }: Coded, special: boolean): string {
  // Windows leaves out dots at the end.
  return special || isDevice(code) || code.endsWith('.') ? `_${code}_${id}` : code
}

const codeOf = (name: string) =>
  name.startsWith('_') ? name.slice(1, name.lastIndexOf('_')) : name

/** What a path below delegation/sprints is a file of; undefined for a file that is not ours. */
export function namedBy(
  path: string,
): { sprint: string; task: string | null; name: FileName } | undefined {
  const [, sprint] = sprintPath.exec(path) ?? []
  if (sprint !== undefined) return { sprint: codeOf(sprint), task: null, name: 'SPRINT.md' }
  const [, of, task, name] = taskPath.exec(path) ?? []
  if (of === undefined || task === undefined) return undefined
  return { sprint: codeOf(of), task: codeOf(task), name: name as FileName }
}
