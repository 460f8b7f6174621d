import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseDocument } from 'yaml'
import type { Json } from '../../../support/api.ts'
import { checkedApi } from '../../support/checked-api.ts'
import { gateOf } from './support/gate.ts'
import { Repository } from './support/repository.ts'
import {
  dropObjectives,
  editMarkdown,
  editYaml,
  type Step,
  steps,
  valueFor,
} from './support/steps.ts'

const api = await checkedApi()
const gate = await gateOf(api.database)
let count = 0

test('edits and decisions on both sides, in any order and in the midst of syncs that break off anywhere, are all kept or shown', async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (steps) => {
      const n = ++count
      const project = await api.project({ slug: `p-${n}`, settings: { delegation: 'two_way' } })
      const made = await api.post('/sprints/from-template', {
        ...{ project_id: project.id, code: `S-${n}`, name: 'Sprint' },
        tasks: [0, 1].map((it) => ({ code: `T-${n}-${it}`, title: `Task ${it}` })),
      })
      const ids: number[] = made.body.tasks.map((it: { id: number }) => it.id)
      const repository = new Repository(api, project)
      await repository.sync()
      const fileOf = (it: number, name: string) => `delegation/sprints/S-${n}/T-${n}-${it}/${name}`
      let edits = 0
      const token = () => `<${++edits}>`
      /** Edits of files that no sync has read yet, by place; what any sync has read must be kept. */
      const unread = new Map<string, string>()
      const read = new Set<string>()
      const free = new Map<string, { path: string; text: string }>()
      /** Edits on the board that no file shows yet: no file can have been edited knowing of them. */
      const unshown = new Map<string, { task: number; field: string }>()
      /** Fields that were edited in files since any sync has read them. */
      const touched = new Set<string>()
      /** What somebody has decided a field to be, until it is edited again on either side. */
      const decided = new Map<string, Json>()

      const valueIn = async (task: number, field: string) =>
        (await api.get(`/tasks/${ids[task]}`)).body[field]
      const forget = (task: number, field: string) => {
        decided.delete(`${task} ${field}`)
        for (const [it, at] of unshown) {
          if (at.task === task && at.field === field) unshown.delete(it)
        }
      }
      const resolve = async (which: number, side: string) => {
        const { items } = (await api.get(`/conflicts?project_id=${project.id}`)).body
        const conflict = items[which % items.length]
        if (conflict === undefined) return
        const answer = await api.post(`/conflicts/${conflict.id}/actions/resolve`, { side })
        const { task_id, field } = conflict
        const task = ids.indexOf(task_id)
        if (answer.status !== 200) {
          expect(['files_disagree', 'shown_by_files_only']).toContain(answer.body.rule)
          return
        }
        if (side === 'other') forget(task, field)
        if (touched.has(`${task} ${field}`) || field.includes('.')) return
        decided.set(`${task} ${field}`, await valueIn(task, field))
      }
      const board = async (step: Extract<Step, { do: 'board' }>) => {
        const mark = token()
        const value = valueFor(step, mark)
        const answer = await api.patch(`/tasks/${ids[step.task]}`, { [step.field]: value })
        expect(answer.status, JSON.stringify(answer.body)).toBe(200)
        forget(step.task, step.field)
        if (step.field !== 'priority') unshown.set(mark, step)
      }
      const delegation = (mode: string) =>
        api.patch(`/projects/${project.id}`, { settings: { delegation: mode } })

      const sync = async (step: Partial<Extract<Step, { do: 'sync' }>> = {}) => {
        const { writes = true, confirms = true, meanwhile = [], between = [], twice = false } = step
        const { round } = (await api.get(`/projects/${project.id}/delegation`)).body
        const asked = { ...repository.read(), expected_round: round }
        const ask = () =>
          Promise.all((twice ? [1, 2] : [1]).map(() => repository.ask('sync', asked)))
        let isOff = false
        const during = async (changes: typeof meanwhile) => {
          for (const it of changes) {
            if (it.do === 'board') await board(it)
            else if (it.do === 'resolve') await resolve(it.which, it.side)
            else if (it.do === 'off') {
              await delegation('off')
              isOff = true
            }
          }
        }
        const answers = await (meanwhile.length + between.length > 0
          ? gate.during(ask, () => during(meanwhile), {
              syncs: twice ? 2 : 1,
              between: between.length > 0 ? () => during(between) : undefined,
            })
          : ask())
        const rules = answers.flatMap(({ status, body }) => (status === 200 ? [] : body.rule))
        if (isOff) {
          await delegation('two_way')
          expect(rules).toContain('delegation_is_off')
          expect(rules.length).toBe(answers.length)
          return {}
        }
        expect(rules).toEqual(twice ? ['sync_overtaken'] : [])
        const body = answers.find(({ status }) => status === 200)?.body
        expect(body.problems).toEqual([])
        for (const it of unread.values()) read.add(it)
        unread.clear()
        touched.clear()
        const tasks = await Promise.all(ids.map((id) => api.get(`/tasks/${id}`)))
        for (const [it, { task, field }] of unshown) {
          expect(JSON.stringify(tasks[task]?.body[field]), `${field} of the board`).toContain(it)
        }
        if (!writes) return body
        const done = repository.write(body)
        const texts = [...repository.files.values()].join()
        for (const it of unshown.keys()) if (texts.includes(it)) unshown.delete(it)
        if (confirms) await repository.confirm(done)
        return body
      }
      for (const step of steps) {
        if (step.do === 'sync') await sync(step)
        else if (step.do === 'board') await board(step)
        else if (step.do === 'resolve') await resolve(step.which, step.side)
        else if (step.do === 'file') {
          const isYaml = step.yaml && step.field !== 'description'
          const path = fileOf(step.task, isYaml ? 'AGENT.yml' : 'TASK.md')
          if (!repository.files.has(path)) continue
          const mark = token()
          const value = valueFor(step, mark)
          repository.edit(path, (text) =>
            isYaml
              ? editYaml(text, ['task', step.field], value)
              : editMarkdown(text, step.field, value),
          )
          touched.add(`${step.task} ${step.field}`)
          decided.delete(`${step.task} ${step.field}`)
          const isIn = repository.text(path).includes(mark)
          if (isIn) unread.set(`${path} ${step.field}`, mark)
        } else if (step.do === 'free') {
          const path = fileOf(step.task, step.yaml ? 'AGENT.yml' : 'TASK.md')
          if (!repository.files.has(path)) continue
          const mark = token()
          const text = step.yaml ? `# ${mark}` : `\n## Aside ${mark}\n\nOf my own.`
          repository.edit(path, (before) => `${before}${text}\n`)
          free.set(mark, { path, text: step.yaml ? `# ${mark}` : `## Aside ${mark}` })
        } else if (step.do === 'key') {
          const path = fileOf(step.task, 'AGENT.yml')
          if (!repository.files.has(path)) continue
          const mark = token()
          repository.edit(path, (text) => editYaml(text, ['safety_rails'], { note: mark }))
          unread.set(`${path} key`, mark)
        } else if (step.do === 'drop') {
          const path = fileOf(step.task, 'TASK.md')
          if (!repository.files.has(path)) continue
          repository.edit(path, dropObjectives)
          unread.delete(`${path} objectives`)
          touched.add(`${step.task} objectives`)
          decided.delete(`${step.task} objectives`)
        } else if (step.do === 'remove') {
          const path = fileOf(step.task, 'TASK.md')
          repository.files.delete(path)
          for (const key of unread.keys()) if (key.startsWith(path)) unread.delete(key)
          for (const [it, at] of free) if (at.path === path) free.delete(it)
        }
      }

      await sync()
      await sync()
      const last = await sync()
      expect(last).toMatchObject({ writes: [], removes: [], applied: { fields: 0 } })
      const { items } = (await api.get(`/conflicts?project_id=${project.id}&state=all`)).body
      const events = (await api.get(`/events?project_id=${project.id}&limit=1000`)).body.items
      const record = JSON.stringify([items, events])
      for (const it of read) expect(record, `edit ${it} is on the record`).toContain(it)
      for (const { path, text } of free.values()) expect(repository.text(path)).toContain(text)
      for (const { path, file } of last.conflicts) {
        const [mark] = /<\d+>/.exec(JSON.stringify(file)) ?? []
        if (mark && typeof file === 'string') expect(repository.text(path)).toContain(mark)
      }
      for (const [key, value] of decided) {
        const [task = 0, field = ''] = [Number(key.split(' ')[0]), key.split(' ')[1]]
        expect(await valueIn(task, field), `${key} as it was decided`).toEqual(value)
        const again = items.filter(
          (it: Json) => it.task_id === ids[task] && it.field === field && it.resolved_at === null,
        )
        expect(again, `${key} was decided`).toEqual([])
      }
      if (last.conflicts.length === 0) {
        expect((await repository.ask('check')).body).toMatchObject({ agrees: true })
        for (const [index, id] of ids.entries()) {
          const { title, priority } = (await api.get(`/tasks/${id}`)).body
          const task = parseDocument(repository.text(fileOf(index, 'AGENT.yml'))).get('task')
          expect(JSON.parse(JSON.stringify(task))).toMatchObject({ title, priority })
          expect(repository.text(fileOf(index, 'TASK.md'))).toContain(`# ${title}\n`)
        }
      }
    }),
    { numRuns: 20 },
  )
}, 240_000)
