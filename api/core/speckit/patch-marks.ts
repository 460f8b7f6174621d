import { parseTasks } from './parse-tasks.ts'
import type { TaskKey } from './types.ts'

export interface MarkChange extends TaskKey {
  done: boolean
}

export type UnpatchableReason = 'not_in_file' | 'no_checkbox' | 'struck_out' | 'asked_twice'

export interface PatchedMarks {
  text: string
  changed: TaskKey[]
  unpatchable: { key: TaskKey; reason: UnpatchableReason }[]
}

function keyOf(key: TaskKey): string {
  return `${key.occurrence} ${key.externalId}`
}

/**
 * Ticks and unticks tasks in the original text. Only the mark character of a task whose done-ness
 * differs is replaced; every other UTF-16 unit stays, and nothing to do gives the same string back.
 * Ticking writes 'x' or 'X', whichever the file has more of; unticking writes a space. A cancelled
 * task is "not done" already and a struck one cannot be done, so neither is touched by mistake.
 */
export function patchMarks(text: string, changes: readonly MarkChange[]): PatchedMarks {
  const { tasks } = parseTasks(text)
  const byKey = new Map(tasks.map((task) => [keyOf(task), task]))
  let upper = 0
  let lower = 0
  for (const { markOffset } of tasks) {
    if (markOffset !== null && text[markOffset] === 'X') upper++
    if (markOffset !== null && text[markOffset] === 'x') lower++
  }
  const tick = upper > lower ? 'X' : 'x'

  const changed: TaskKey[] = []
  const unpatchable: PatchedMarks['unpatchable'] = []
  const replacements: { offset: number; mark: string }[] = []
  const asked = new Map<string, boolean>()
  for (const { externalId, occurrence, done } of changes) {
    const key = { externalId, occurrence }
    const before = asked.get(keyOf(key))
    if (before !== undefined) {
      if (before !== done) unpatchable.push({ key, reason: 'asked_twice' })
      continue
    }
    asked.set(keyOf(key), done)
    const task = byKey.get(keyOf(key))
    if (task === undefined) unpatchable.push({ key, reason: 'not_in_file' })
    else if ((task.mark === 'done') === done) continue
    else if (task.struck) unpatchable.push({ key, reason: 'struck_out' })
    else if (task.markOffset === null) unpatchable.push({ key, reason: 'no_checkbox' })
    else {
      replacements.push({ offset: task.markOffset, mark: done ? tick : ' ' })
      changed.push(key)
    }
  }
  return { text: replaceUnits(text, replacements), changed, unpatchable }
}

function replaceUnits(text: string, replacements: { offset: number; mark: string }[]): string {
  if (replacements.length === 0) return text
  const pieces: string[] = []
  let at = 0
  for (const { offset, mark } of replacements.sort((a, b) => a.offset - b.offset)) {
    pieces.push(text.slice(at, offset), mark)
    at = offset + 1
  }
  pieces.push(text.slice(at))
  return pieces.join('')
}
