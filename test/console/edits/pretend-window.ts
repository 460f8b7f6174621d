import type { Task } from '../../../console/src/api/types.ts'
import { seenOf, type TaskChanges } from '../../../console/src/edits/changes.ts'
import { type EntryItem, grouped } from '../../../console/src/edits/entry.ts'
import { readKept } from '../../../console/src/edits/kept.ts'
import { createOutbox, type Outbox, type Overtaken } from '../../../console/src/edits/outbox.ts'
import { overlay } from '../../../console/src/edits/overlay.ts'
import { Lost, type pretendServer, Refused } from './pretend-server.ts'

/** How a request ends: with its answer, before it arrived, or after it was carried out. */
export type Fate = 'answered' | 'not arrived' | 'answer lost' | 'signed out'

let keys = 0
const newKey = () => `key-${++keys}`

/** A console window over a pretended server, whose requests end as the test says. */
export function pretendWindow(server: ReturnType<typeof pretendServer>) {
  const waiting: ((fate: Fate) => void)[] = []
  const timers = new Set<() => void>()
  const waits: number[] = []
  const cache = new Map(server.now)
  const refused: { label: string; rule: string | undefined; task: number }[] = []
  let asked: Overtaken[] = []
  let storage: string | null = null
  let reachable = true

  let page = 0

  const open = (): Outbox => {
    page += 1
    const mine = page
    return createOutbox(
      {
        send: (entry) =>
          new Promise((resolve, reject) => {
            waiting.push((fate) => {
              if (fate === 'not arrived') return reject(new Lost())
              if (fate === 'signed out') return reject(new Refused('token'))
              try {
                const answer = server.receive(entry)
                if (fate === 'answer lost') reject(new Lost())
                else resolve(answer)
              } catch (error) {
                reject(fate === 'answer lost' ? new Lost() : error)
              }
            })
          }),
        failureOf: (error) => {
          if (error instanceof Lost) return { kind: 'away' }
          if (!(error instanceof Refused)) throw error
          if (error.rule === 'token') return { kind: 'signed-out' }
          return { kind: 'refused', rule: error.rule, detail: error.message }
        },
        read: async (id) => {
          const task = server.now.get(id)
          if (!reachable || task === undefined) throw new Lost()
          return task
        },
        newKey,
        keep: (state) => {
          if (mine === page) storage = JSON.stringify(state)
        },
        onDone: (_, { updated }) => {
          for (const task of updated) cache.set(task.id, task)
        },
        onRefused: ({ label }, items) => {
          for (const { rule, item } of items) refused.push({ label, rule, task: item.task.id })
        },
        onOvertaken: (overtaken) => {
          asked.push(overtaken)
          for (const { theirs } of overtaken.items) cache.set(theirs.id, theirs)
        },
        onSignedOut: () => {},
        later: (task, ms) => {
          waits.push(ms)
          const once = () => {
            timers.delete(once)
            if (mine === page) task()
          }
          timers.add(once)
          return () => void timers.delete(once)
        },
        chance: () => 0.5,
      },
      readKept(storage),
    )
  }

  let outbox = open()
  const shown = (): readonly Task[] =>
    overlay([...cache.values()], outbox.state().entries, () => true)
  return {
    outbox: () => outbox,
    waiting,
    /** For how long it was to wait, in ms. */
    waits,
    refused,
    asked: () => asked,
    shown,
    storage: () => storage,
    /** Edits tasks as they are shown. */
    edit(ids: readonly number[], changes: TaskChanges, label: string) {
      const tasks = shown().filter(({ id }) => ids.includes(id))
      const items: EntryItem[] = tasks.map((task) => ({
        task,
        changes,
        expected: seenOf({ task, changes }),
      }))
      const group = newKey()
      outbox.add(
        grouped(items).map((some) => ({
          ...{ key: newKey(), label, group, undoes: false, place: null, sent: false },
          items: some,
        })),
      )
    },
    async end(fate: Fate) {
      reachable = fate === 'answered'
      waiting.shift()?.(fate)
      await settled()
      reachable = true
    },
    async timeGoesBy() {
      for (const timer of [...timers]) timer()
      await settled()
    },
    /** The page is read anew: what was on its way may arrive all the same. */
    async reload() {
      for (const answer of waiting.splice(0)) answer('answer lost')
      await settled()
      timers.clear()
      for (const [id, task] of server.now) cache.set(id, task)
      asked = []
      outbox = open()
      outbox.resume()
      asked.push(...outbox.state().overtaken)
      await settled()
    },
  }
}

export const settled = () => new Promise<void>((resolve) => setImmediate(resolve))
