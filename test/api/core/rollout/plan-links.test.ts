import { expect, test } from 'vitest'
import { plainTitle } from '../../../../api/core/rollout/evidence.ts'
import type {
  Facts,
  RunFact,
  SprintFact,
  StepFact,
  TaskFact,
} from '../../../../api/core/rollout/facts.ts'
import { planLinks } from '../../../../api/core/rollout/plan-links.ts'

const sprint = (id: number, name: string, fields: Partial<SprintFact> = {}): SprintFact => ({
  ...{ id, name, start: null, end: null },
  ...fields,
})
const run = (id: number, name: string, fields: Partial<RunFact> = {}): RunFact => ({
  ...{ id, name, createdAt: null, sprintLink: null, sprintClaim: null },
  ...fields,
})
const step = (
  id: number,
  runId: number,
  name: string,
  fields: Partial<StepFact> = {},
): StepFact => ({
  ...{ id, runId, name, index: id, status: 'pending', taskLink: null, taskClaim: null },
  ...fields,
})
const task = (id: number, title: string, fields: Partial<TaskFact> = {}): TaskFact => ({
  ...{ id, title, status: 'todo', position: id, sprintId: 1, runId: null, stepLink: null },
  ...{ stepClaim: null },
  ...fields,
})
const plan = (facts: Partial<Facts>) =>
  planLinks({ sprints: [], runs: [], steps: [], tasks: [], ...facts })
const pairs = (facts: Partial<Facts>) =>
  plan(facts).links.map((it) => [
    it.sprint.id,
    it.run.id,
    it.tasks.map((t) => [t.task.id, t.step.id]),
  ])

test('a name "<protocol> Sprint" is enough where only one has it', () => {
  expect(pairs({ sprints: [sprint(1, ' deploy  SPRINT ')], runs: [run(2, 'Deploy')] })).toEqual([
    [1, 2, []],
  ])
})

test('one equal title is chance; three of three speak for a sprint of another name', () => {
  const of = (titles: string[]) => ({
    sprints: [sprint(1, 'March')],
    runs: [run(2, 'Deploy')],
    steps: titles.map((name, n) => step(n + 1, 2, name)),
    tasks: titles.map((name, n) => task(n + 1, name)),
  })
  expect(pairs(of(['a']))).toEqual([])
  expect(plan(of(['a'])).alone[0]?.why).toContain('too little says so')
  expect(pairs(of(['a', 'b', 'c']))).toEqual([
    [
      1,
      2,
      [
        [1, 1],
        [2, 2],
        [3, 3],
      ],
    ],
  ])
})

test('a value that names the other side outweighs a name', () => {
  const facts = {
    sprints: [sprint(1, 'Deploy Sprint'), sprint(3, 'Other')],
    runs: [run(2, 'Deploy', { sprintClaim: 3 })],
    tasks: [task(1, 'x'), task(2, 'y', { sprintId: 3 })],
  }
  expect(pairs(facts)).toEqual([[3, 2, []]])
  expect(plan(facts).alone[0]).toMatchObject({ table: 'sprints', id: 1 })
})

test('a sprint whose tasks name another run is not taken for its name', () => {
  const facts = {
    sprints: [sprint(1, 'Deploy Sprint')],
    runs: [run(2, 'Deploy'), run(3, 'Rollback')],
    tasks: [task(1, 'x', { runId: 3 }), task(2, 'y', { runId: 3 })],
  }
  expect(pairs(facts)).toEqual([[1, 3, []]])
})

test('of empty sprints of one name the first stands for all', () => {
  const facts = {
    sprints: [sprint(1, 'Deploy Sprint'), sprint(2, 'Deploy Sprint'), sprint(3, 'Deploy Sprint')],
    runs: [run(9, 'Deploy')],
  }
  expect(pairs(facts)).toEqual([[1, 9, []]])
  expect(plan(facts).alone.map((it) => [it.id, it.duplicateOf])).toEqual([
    [2, 1],
    [3, 1],
  ])
})

test('an empty sprint of the right name is no duplicate of a filled one of another', () => {
  const facts = {
    sprints: [sprint(1, 'March'), sprint(2, 'Deploy Sprint')],
    runs: [run(9, 'Deploy')],
    steps: [step(1, 9, 'Build'), step(2, 9, 'Ship'), step(3, 9, 'Tell')],
    tasks: [task(1, 'Build')],
  }
  expect(pairs(facts)).toEqual([[2, 9, []]])
})

test('a thousand runs of one plan, and their sprints, are told apart by their names', () => {
  const many = Array.from({ length: 1000 }, (_, n) => n + 1)
  const titles = ['Build', 'Test', 'Ship']
  const facts = {
    sprints: many.map((n) => sprint(n, `Release ${n} Sprint`)),
    runs: many.map((n) => run(n, `Release ${n}`)),
    steps: many.flatMap((n) => titles.map((name, t) => step(n * 10 + t, n, name))),
    tasks: many.flatMap((n) => titles.map((name, t) => task(n * 10 + t, name, { sprintId: n }))),
  }
  const { links } = plan(facts)
  expect(links.map((it) => it.run.id === it.sprint.id && it.tasks.length)).toEqual(
    many.map(() => 3),
  )
})

test('two filled sprints of one name are ambiguous', () => {
  const facts = {
    sprints: [sprint(1, 'Deploy Sprint'), sprint(2, 'Deploy Sprint')],
    runs: [run(9, 'Deploy')],
    tasks: [task(1, 'x'), task(2, 'y', { sprintId: 2 })],
  }
  expect(pairs(facts)).toEqual([])
  expect(plan(facts).alone.map((it) => it.why)).toEqual([
    expect.stringContaining('Ambiguous: run 9'),
    expect.stringContaining('Ambiguous: run 9'),
    expect.stringContaining('Ambiguous: sprint 1 and sprint 2'),
  ])
})

const linked = { sprints: [sprint(1, 'Deploy Sprint')], runs: [run(9, 'Deploy')] }

test('tasks and steps of one title are told apart by their order, if there are as many', () => {
  const steps = [step(5, 9, 'Test', { index: 1 }), step(4, 9, 'Test', { index: 2 })]
  const tasks = [task(7, 'Test', { position: 2 }), task(8, 'Test', { position: 1 })]
  expect(pairs({ ...linked, steps, tasks })).toEqual([
    [
      1,
      9,
      [
        [8, 5],
        [7, 4],
      ],
    ],
  ])
  const uneven = plan({ ...linked, steps, tasks: tasks.slice(1) })
  expect(uneven.links[0]?.tasks).toEqual([])
  expect(uneven.alone.map((it) => it.why)).toContain(
    'Ambiguous: 2 steps and 1 tasks have this title.',
  )
})

test('a recorded step counts before a title; two tasks that claim one step are told apart by title', () => {
  const steps = [step(1, 9, 'Build'), step(2, 9, 'Ship')]
  expect(
    pairs({ ...linked, steps, tasks: [task(1, 'Ship', { stepClaim: 1 }), task(2, 'Build')] }),
  ).toEqual([[1, 9, [[1, 1]]]])
  const claimed = [task(1, 'Something', { stepClaim: 1 }), task(2, 'Build', { stepClaim: 1 })]
  expect(pairs({ ...linked, steps, tasks: claimed })).toEqual([[1, 9, [[2, 1]]]])
  const both = [task(1, 'x', { stepClaim: 1 }), task(2, 'y', { stepClaim: 1 })]
  expect(plan({ ...linked, steps, tasks: both }).alone.map((it) => it.why)).toContain(
    'Ambiguous: tasks 1, 2 all name step 1.',
  )
})

test('a task of another run, or with a step, is never taken', () => {
  const steps = [step(1, 9, 'Build')]
  for (const fields of [{ runId: 8 }, { stepLink: 77 }]) {
    expect(
      pairs({ ...linked, steps, tasks: [task(1, 'Build', fields), task(2, 'x', { runId: 9 })] }),
    ).toEqual([[1, 9, []]])
  }
})

test('of a run that is linked already, the tasks that are not are still found', () => {
  const facts = {
    sprints: [sprint(1, 'March')],
    runs: [run(9, 'Deploy', { sprintLink: 1 })],
    steps: [step(1, 9, 'Build')],
    tasks: [task(1, 'Build'), task(2, 'By hand')],
  }
  expect(plan(facts)).toMatchObject({ links: [{ tasks: [{ task: { id: 1 } }] }], alone: [] })
})

test.each([
  ['T001 [P] [US1] Set up the shop', 'set up the shop'],
  ['**T012a**: `Build` it (3 pts)', 'build it'],
  ['- [x] T3 Ship (2024)', 'ship'],
  ['  Two   blanks ', 'two blanks'],
  ['Today is the day', 'today is the day'],
])('%s is compared as "%s"', (title, plain) => {
  expect(plainTitle(title)).toBe(plain)
})
