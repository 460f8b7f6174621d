import type { Task } from '../../../console/src/api/types.ts'
import { applyChanges, same, type TaskChanges } from '../../../console/src/edits/changes.ts'
import type { Entry } from '../../../console/src/edits/entry.ts'
import { type Answer, overtakenRule } from '../../../console/src/edits/outbox.ts'
import { callOf } from '../../../console/src/edits/send.ts'

export class Refused extends Error {
  readonly rule: string
  constructor(rule: string) {
    super(rule)
    this.rule = rule
  }
}
export class Lost extends Error {}

/** Edits tasks by the rules of the API, in memory: keys, expectations, refusals of one of many. */
export function pretendServer(tasks: readonly Task[]) {
  const now = new Map(tasks.map((task) => [task.id, task]))
  const answers = new Map<string, { body: string; answer: Answer | Refused }>()
  /** How often an edit of a task was carried out, by its label. */
  const carriedOut = new Map<string, number>()

  const change = (id: number, changes: TaskChanges, expected: Partial<Task>): Task => {
    const task = now.get(id)
    if (task === undefined) throw new Refused('exists')
    if (changes.title === 'forbidden') throw new Refused('no_such_title')
    const wanted = applyChanges(task, changes)
    for (const [field, seen] of Object.entries(expected) as [keyof Task, unknown][]) {
      if (!same(task[field], seen) && !same(task[field], wanted[field])) {
        throw new Refused(overtakenRule)
      }
    }
    now.set(id, wanted)
    return wanted
  }

  const carryOut = ({ items, label }: Entry): Answer | Refused => {
    const answer: { -readonly [K in keyof Answer]: Answer[K][number][] } = {
      updated: [],
      refused: [],
      warnings: [],
    }
    for (const { task, changes, expected } of items) {
      try {
        answer.updated.push(change(task.id, changes, expected))
        const edit = `${label} of ${task.id}`
        carriedOut.set(edit, (carriedOut.get(edit) ?? 0) + 1)
      } catch (error) {
        if (!(error instanceof Refused)) throw error
        if (items.length === 1) return error
        answer.refused.push({ task_id: task.id, rule: error.rule, detail: error.message })
      }
    }
    return answer
  }

  return {
    now,
    carriedOut,
    /** @throws Error where a key comes back with another request */
    receive(entry: Entry): Answer {
      const body = JSON.stringify(callOf(entry))
      const known = answers.get(entry.key)
      if (known && known.body !== body) throw new Error(`${entry.key} names two requests`)
      const answer = known?.answer ?? carryOut(entry)
      // A refusal is a rollback, which forgets the key as well.
      if (!known && !(answer instanceof Refused)) answers.set(entry.key, { body, answer })
      if (answer instanceof Refused) throw answer
      return answer
    },
  }
}
