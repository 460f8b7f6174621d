import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { generateTasks } from '../../../../api/core/speckit/generate-tasks.ts'
import type {
  BoardStatus,
  ExistingTask,
  ImportOptions,
} from '../../../../api/core/speckit/import-types.ts'
import { parseTasks } from '../../../../api/core/speckit/parse-tasks.ts'
import { isEmptyPlan, planImport } from '../../../../api/core/speckit/plan-import.ts'
import { applyPlan } from './apply-plan.ts'

const SPRINT: ImportOptions = { sprintId: 7 }

function plan(text: string, cards: readonly ExistingTask[], options = SPRINT) {
  return planImport(parseTasks(text), cards, options)
}

function imported(text: string, cards: readonly ExistingTask[] = [], options = SPRINT) {
  return applyPlan(cards, plan(text, cards, options))
}

/** One imported card, then changed on the board. */
function cardOf(text: string, changes: Partial<ExistingTask> = {}): ExistingTask {
  const [card] = imported(text)
  if (card === undefined) throw new Error('no card')
  return { ...card, ...changes }
}

describe('the first import', () => {
  it('inserts every task with its fields and what to remember', () => {
    const { inserts, dependencies } = plan(
      '- [ ] T001 [P] [US1] [@ada] [5pts] Build\n  - a check\n- [x] T002 Test (depends on T001)',
      [],
    )
    expect(inserts).toHaveLength(2)
    expect(inserts[0]).toEqual({
      externalId: 'T001',
      occurrence: 1,
      line: 1,
      title: 'Build',
      description: '- a check',
      parallel: true,
      labels: ['US1'],
      assignee: 'ada',
      storyPoints: 5,
      boardStatus: 'todo',
      sprintId: 7,
      imported: {
        title: 'Build',
        description: '- a check',
        labels: ['US1'],
        assignee: 'ada',
        points: 5,
        parallel: true,
        mark: 'open',
      },
    })
    expect(dependencies).toEqual([
      {
        task: { externalId: 'T002', occurrence: 1 },
        dependsOn: { externalId: 'T001', occurrence: 1 },
        taskId: null,
        dependsOnId: null,
        kind: 'hard',
        confidence: 1,
      },
    ])
  })

  it.each([
    [' ', 7, 'todo'],
    [' ', null, 'backlog'],
    ['x', 7, 'done'],
    ['~', 7, 'in_progress'],
    ['-', 7, 'archived'],
  ])('[%s] into sprint %s is %s', (mark, sprintId, status) => {
    expect(plan(`- [${mark}] T001 A`, [], { sprintId }).inserts[0]?.boardStatus).toBe(status)
  })

  it('gives equal ids a card each', () => {
    expect(
      imported('- [ ] T001 A\n- [ ] T001 B').map((card) => [card.occurrence, card.title]),
    ).toEqual([
      [1, 'A'],
      [2, 'B'],
    ])
  })
})

describe('fields, three ways', () => {
  it('takes what changed in the file alone', () => {
    const card = cardOf('- [ ] T001 [US1] Old')
    const next = plan('- [ ] T001 [US1] [BE] [@bob] [3pts] New\n  - body', [card])
    expect(next.updates).toEqual([
      {
        id: card.id,
        changes: {
          title: 'New',
          description: '- body',
          labels: ['US1', 'BE'],
          assignee: 'bob',
          storyPoints: 3,
        },
        from: { title: 'Old', description: '', labels: ['US1'], assignee: null, storyPoints: null },
      },
    ])
    expect(next.conflicts).toEqual([])
  })

  it('keeps what changed on the board alone', () => {
    const card = cardOf('- [ ] T001 Old', { title: 'Mine', storyPoints: 8, labels: ['urgent'] })
    expect(isEmptyPlan(plan('- [ ] T001 Old', [card]))).toBe(true)
    expect(plan('- [ ] T001 Old', [card]).unchanged).toBe(1)
  })

  it('reports what changed in both, keeps the board, and reports it once', () => {
    const card = cardOf('- [ ] T001 Old', { title: 'Mine' })
    const text = '- [ ] T001 Theirs'
    const next = plan(text, [card])
    expect(next.conflicts).toEqual([
      { taskId: card.id, field: 'title', file: 'Theirs', board: 'Mine', base: 'Old' },
    ])
    expect(next.updates).toEqual([])
    expect(isEmptyPlan(plan(text, applyPlan([card], next)))).toBe(true)
  })

  it('takes the file in a conflict when told to', () => {
    const card = cardOf('- [ ] T001 Old', { title: 'Mine' })
    const next = plan('- [ ] T001 Theirs', [card], { sprintId: 7, overwriteExisting: true })
    expect(next.updates[0]?.changes).toEqual({ title: 'Theirs' })
    expect(next.conflicts).toHaveLength(1)
  })

  it('has nothing to do when both made the same change', () => {
    const card = cardOf('- [ ] T001 Old', { title: 'New' })
    const next = plan('- [ ] T001 New', [card])
    expect([next.updates, next.conflicts]).toEqual([[], []])
    expect(next.rebased).toHaveLength(1)
  })

  it('does not mind the order of labels', () => {
    const card = cardOf('- [ ] T001 [A] [B] x', { labels: ['B', 'A'] })
    expect(isEmptyPlan(plan('- [ ] T001 [A] [B] x', [card]))).toBe(true)
  })

  it('without a base a difference is a conflict', () => {
    const card = cardOf('- [ ] T001 Mine', { imported: null })
    expect(plan('- [ ] T001 Theirs', [card]).conflicts).toMatchObject([
      { field: 'title', base: null },
    ])
    expect(plan('- [ ] T001 Mine', [card]).conflicts).toEqual([])
  })
})

describe('status', () => {
  const status = (
    from: string,
    board: BoardStatus,
    to: string,
    more: Partial<ExistingTask> = {},
  ) => {
    const card = cardOf(`- [${from}] T001 A`, {
      boardStatus: board,
      archived: board === 'archived',
      ...more,
    })
    const next = plan(`- [${to}] T001 A`, [card])
    return {
      to: next.updates[0]?.changes.boardStatus ?? next.restores[0]?.boardStatus ?? null,
      conflicts: next.conflicts.map(({ file, board: kept, base }) => [file, kept, base]),
    }
  }

  it.each([
    'backlog',
    'todo',
    'in_progress',
    'review',
    'testing',
    'blocked',
    'done',
    'archived',
  ] as const)('an unchanged mark never moves a card out of %s', (board) => {
    for (const mark of [' ', 'x', '~', '-']) {
      expect(status(mark, board, mark)).toEqual({ to: null, conflicts: [] })
    }
  })

  it.each([
    [' ', 'todo', 'x', 'done'],
    [' ', 'review', 'x', 'done'],
    [' ', 'blocked', 'x', 'done'],
    ['x', 'done', ' ', 'todo'],
    ['x', 'done', '~', 'in_progress'],
    [' ', 'todo', '~', 'in_progress'],
    [' ', 'testing', '~', null],
    ['~', 'in_progress', ' ', 'todo'],
    ['~', 'review', ' ', null],
    [' ', 'todo', '-', 'archived'],
    ['-', 'archived', ' ', 'todo'],
    [' ', 'done', 'x', null],
  ] as const)('[%s] on %s, then [%s] → %s', (from, board, to, expected) => {
    expect(status(from, board, to)).toEqual({ to: expected, conflicts: [] })
  })

  it('both sides ending it differently is a conflict', () => {
    expect(status(' ', 'archived', 'x')).toEqual({
      to: null,
      conflicts: [['done', 'archived', 'todo']],
    })
    expect(status(' ', 'done', '-')).toEqual({
      to: null,
      conflicts: [['archived', 'done', 'todo']],
    })
    expect(status('x', 'todo', '-').conflicts).toHaveLength(1)
  })

  it('a tick written by an export is no change', () => {
    const card = cardOf('- [ ] T001 A', { boardStatus: 'done' })
    const next = plan('- [x] T001 A', [card])
    expect([next.updates, next.conflicts]).toEqual([[], []])
  })

  it('the status of a linked card belongs to its step', () => {
    expect(status(' ', 'in_progress', 'x', { linkedStep: true })).toEqual({
      to: null,
      conflicts: [],
    })
  })

  it('[x] struck out later archives the card', () => {
    const card = cardOf('- [x] T001 A')
    expect(plan('- [x] ~~T001~~ A', [card]).updates[0]?.changes).toEqual({
      boardStatus: 'archived',
    })
  })
})

describe('tasks that vanish and come back', () => {
  it('archives, says so, and restores', () => {
    const first = imported('- [ ] T001 A\n- [ ] T002 B')
    const gone = plan('- [ ] T001 A', first)
    expect(gone.archives).toEqual([{ id: 2, externalId: 'T002' }])
    const second = applyPlan(first, gone)
    expect(isEmptyPlan(plan('- [ ] T001 A', second))).toBe(true)
    const back = plan('- [ ] T001 A\n- [x] T002 B', second)
    expect(back.restores).toEqual([{ id: 2, externalId: 'T002', boardStatus: 'done' }])
    expect(back.inserts).toEqual([])
  })

  it('leaves what a step owns, and says so', () => {
    const card = cardOf('- [ ] T001 A', { linkedStep: true })
    const next = plan('', [card])
    expect(next.archives).toEqual([])
    expect(next.kept).toEqual([{ id: card.id, externalId: 'T001', reason: 'linked_to_step' }])
  })

  it('respects the hand that archived a card or took it out again', () => {
    const archived = cardOf('- [ ] T001 A', { boardStatus: 'archived', archived: true })
    const missed = applyPlan([archived], plan('', [archived]))
    expect(isEmptyPlan(plan('- [ ] T001 A', missed))).toBe(true)
    const gone = applyPlan([cardOf('- [ ] T001 A')], plan('', [cardOf('- [ ] T001 A')]))
    const revived = gone.map((card) => ({ ...card, boardStatus: 'todo' as const, archived: false }))
    expect(isEmptyPlan(plan('', revived))).toBe(true)
  })

  it('restores a card that no import had seen before it vanished', () => {
    const unseen = cardOf('- [ ] T001 A', { imported: null })
    const gone = applyPlan([unseen], plan('', [unseen]))
    expect(plan('- [ ] T001 A', gone).restores).toHaveLength(1)
  })
})

describe('sprints', () => {
  it('moves backlog cards in, leaves those of another sprint, and lists them', () => {
    const [inBacklog] = imported('- [ ] T001 A', [], { sprintId: null })
    if (inBacklog === undefined) throw new Error('no card')
    expect(inBacklog.boardStatus).toBe('backlog')
    const elsewhere = {
      ...cardOf('- [ ] T001 A'),
      externalId: 'T002',
      id: 50,
      sprintId: 9,
      title: 'B',
    }
    const next = plan('- [ ] T001 A\n- [ ] T002 B', [inBacklog, elsewhere])
    expect(next.moves).toEqual([{ id: inBacklog.id, sprintId: 7, boardStatus: 'todo' }])
    expect(next.kept).toEqual([{ id: 50, externalId: 'T002', reason: 'other_sprint' }])
  })

  it('does not touch a closed sprint', () => {
    const card = cardOf('- [ ] T001 A', { readOnly: true })
    for (const text of ['- [x] T001 B', '']) {
      const next = plan(text, [card])
      expect(isEmptyPlan(next)).toBe(true)
      expect(next.kept).toEqual([{ id: card.id, externalId: 'T001', reason: 'read_only_sprint' }])
    }
  })
})

describe('dependencies', () => {
  it('name existing cards by id', () => {
    const text = '- [ ] T001 A\n- [ ] T002 B (depends on T001)'
    expect(plan(text, imported(text)).dependencies).toMatchObject([{ taskId: 2, dependsOnId: 1 }])
  })
})

interface FileTask {
  externalId: string
  title: string
  mark: 'open' | 'done' | 'in_progress' | 'cancelled'
  labels: string[]
  points: number | null
  assignee: string | null
}

function fileOf(tasks: readonly FileTask[]): string {
  return generateTasks({ title: 'X', phases: [{ title: 'P', tasks }] })
}

function fileTasks(): fc.Arbitrary<FileTask[]> {
  return fc.uniqueArray(
    fc.record({
      externalId: fc.integer({ min: 1, max: 6 }).map((i) => `T00${i}`),
      title: fc.constantFrom('a', 'b', 'c'),
      mark: fc.constantFrom('open', 'done', 'in_progress', 'cancelled'),
      labels: fc.subarray(['US1', 'BE']),
      points: fc.constantFrom(null, 1, 2),
      assignee: fc.constantFrom(null, 'ada'),
    }),
    { selector: (task) => task.externalId, maxLength: 6 },
  )
}

const boardEdit = fc.record({
  pick: fc.nat(),
  title: fc.constantFrom(undefined, 'a', 'b', 'm'),
  storyPoints: fc.constantFrom(undefined, null, 1, 5),
  labels: fc.constantFrom(undefined, [], ['urgent']),
  assignee: fc.constantFrom(undefined, null, 'bob'),
  boardStatus: fc.constantFrom(
    undefined,
    'todo',
    'in_progress',
    'review',
    'blocked',
    'done',
    'archived',
  ),
})

describe('any history of edits on both sides', () => {
  it('importing twice plans nothing the second time, and no edit is lost without a conflict', () => {
    const rounds = fc.array(
      fc.record({
        file: fileTasks(),
        edits: fc.array(boardEdit, { maxLength: 4 }),
        overwrite: fc.boolean(),
      }),
      { minLength: 1, maxLength: 5 },
    )
    fc.assert(
      fc.property(rounds, (history) => {
        let cards: ExistingTask[] = []
        for (const { file, edits, overwrite } of history) {
          const before = structuredClone(cards)
          for (const { pick, ...edit } of edits) {
            const card = cards[pick % Math.max(cards.length, 1)]
            if (card === undefined) continue
            for (const [key, value] of Object.entries(edit)) {
              if (value !== undefined) Object.assign(card, { [key]: value })
            }
            card.archived = card.boardStatus === 'archived'
          }
          const edited = structuredClone(cards)
          const parsed = parseTasks(fileOf(file))
          const options = { sprintId: 7, overwriteExisting: overwrite }
          const next = planImport(parsed, cards, options)
          cards = applyPlan(cards, next)
          expect(isEmptyPlan(planImport(parsed, cards, options))).toBe(true)

          const keys = cards.map((card) => `${card.externalId} ${card.occurrence}`)
          expect(new Set(keys).size).toBe(keys.length)
          for (const task of file) {
            const now = cards.find((card) => card.externalId === task.externalId)
            expect(now).toBeDefined()
            const was = edited.find((card) => card.externalId === task.externalId)
            const base = was?.imported
            if (now === undefined || was === undefined || base === undefined || base === null)
              continue
            for (const [field, fileValue, baseValue] of [
              ['title', task.title, base.title],
              ['storyPoints', task.points, base.points],
              ['labels', task.labels, base.labels],
              ['assignee', task.assignee, base.assignee],
            ] as const) {
              const conflict = next.conflicts.some(
                (each) => each.taskId === now.id && each.field === field,
              )
              const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b)
              const fileEdited = !same(fileValue, baseValue)
              const boardEdited = !same(was[field], baseValue)
              if (fileEdited && !boardEdited) expect(now[field]).toEqual(fileValue)
              if (boardEdited && !fileEdited) expect(now[field]).toEqual(was[field])
              expect(conflict).toBe(fileEdited && boardEdited && !same(fileValue, was[field]))
              if (conflict) expect(now[field]).toEqual(overwrite ? fileValue : was[field])
            }
            const moved = now.boardStatus !== was.boardStatus
            if (moved && base.mark === task.mark)
              expect.unreachable('an unchanged mark moved a card')
          }
          // A card that the file no longer has is archived, never dropped.
          expect(cards.length).toBeGreaterThanOrEqual(before.length)
        }
      }),
      { numRuns: 1000 },
    )
  })

  it('a hand edit of the status is kept, or reported, or agrees with the file', () => {
    const done = (status: BoardStatus) =>
      status === 'archived' ? 'gone' : status === 'done' ? 'done' : 'open'
    const side = { open: 'open', in_progress: 'open', done: 'done', cancelled: 'gone' } as const
    fc.assert(
      fc.property(
        fc.constantFrom('open', 'done', 'in_progress', 'cancelled'),
        fc.constantFrom('todo', 'in_progress', 'review', 'blocked', 'done', 'archived'),
        fc.constantFrom('open', 'done', 'in_progress', 'cancelled'),
        (from, board, to) => {
          const task = { externalId: 'T001', title: 'a', labels: [], points: null, assignee: null }
          const [card] = imported(fileOf([{ ...task, mark: from }]))
          if (card === undefined) throw new Error('no card')
          card.boardStatus = board
          card.archived = board === 'archived'
          const next = plan(fileOf([{ ...task, mark: to }]), [card])
          const now = applyPlan([card], next)[0]?.boardStatus ?? 'todo'
          const boardEdited = done(board) !== side[from]
          if (boardEdited) {
            expect(done(now)).toBe(done(board))
            expect(next.conflicts.length).toBe(to !== from && side[to] !== done(board) ? 1 : 0)
          } else if (to !== from) expect(done(now)).toBe(side[to])
        },
      ),
    )
  })

  it('plans 50,000 tasks over 50,000 cards', () => {
    const text = Array.from({ length: 50_000 }, (_, i) => `- [ ] T${i + 1000} Work ${i}`).join('\n')
    const parsed = parseTasks(text)
    const cards = applyPlan([], planImport(parsed, [], SPRINT))
    expect(planImport(parsed, cards, SPRINT).unchanged).toBe(50_000)
  }, 60_000)
})
