import { describe, expect, it } from 'vitest'
import { parseTasks } from '../../../../api/core/speckit/parse-tasks.ts'
import type { ParsedTask } from '../../../../api/core/speckit/types.ts'

function only(text: string): ParsedTask {
  const { tasks } = parseTasks(text)
  expect(tasks).toHaveLength(1)
  const [task] = tasks
  if (task === undefined) throw new Error('no task')
  return task
}

function ids(text: string): string[] {
  return parseTasks(text).tasks.map((task) => task.externalId)
}

function reasons(text: string): string[] {
  return parseTasks(text).skipped.map(({ line, reason }) => `${line} ${reason}`)
}

describe('the official grammar', () => {
  it('reads id, mark, flag, label, title, path and phase', () => {
    const text =
      '## Phase 3: User Story 1 - Log in (Priority: P1)\n\n- [ ] T012 [P] [US1] Create the user model in src/models/user.ts\n'
    expect(only(text)).toEqual({
      externalId: 'T012',
      occurrence: 1,
      line: 3,
      mark: 'open',
      markOffset: text.indexOf('[ ]') + 1,
      struck: false,
      parallel: true,
      labels: ['US1'],
      assignee: null,
      points: null,
      title: 'Create the user model in src/models/user.ts',
      body: '',
      phase: { number: '3', title: 'User Story 1 - Log in (Priority: P1)' },
      files: ['src/models/user.ts'],
    })
  })

  it.each([
    [' ', 'open'],
    ['x', 'done'],
    ['X', 'done'],
    ['~', 'in_progress'],
    ['-', 'cancelled'],
    ['/', 'in_progress'],
    ['!', 'open'],
    ['✓', 'done'],
    ['\u00a0', 'open'],
  ])('reads the mark %j as %s', (mark, expected) => {
    const text = `- [${mark}] T001 Work`
    const task = only(text)
    expect(task.mark).toBe(expected)
    expect(text[task.markOffset ?? -1]).toBe(mark)
  })

  it('reads an empty pair as open without a place to tick', () => {
    expect(only('- [] T001 Work')).toMatchObject({ mark: 'open', markOffset: null })
  })
})

describe('ids', () => {
  it.each([
    ['- [ ] **T001** Bold', 'T001'],
    ['- [ ] **T001: Bold title** and more', 'T001'],
    ['- [x] ✅ T001 Ticked twice', 'T001'],
    ['- [ ] T006a Suffix', 'T006a'],
    ['- [ ] T083-B Suffix', 'T083-B'],
    ['- [ ] T009.5 Between', 'T009.5'],
    ['- [ ] T033.1a Between', 'T033.1a'],
    ['- [ ] T004: Colon', 'T004'],
    ['- [ ] T004. Full stop', 'T004'],
    ['- [ ] [T034] Brackets', 'T034'],
    ['- [ ] [S001] By area', 'S001'],
    ['- [ ] T-001 Hyphen', 'T-001'],
    ['- [ ] T-HF01 Named', 'T-HF01'],
    ["- [ ] T028' Prime", "T028'"],
    ['- [ ] T1 Short', 'T1'],
    ['- [ ] t007 Lower case', 'T007'],
    ['- [ ] Task T008: Said twice', 'T008'],
    ['- [ ] `T009` Code', 'T009'],
    ['- [ ] T029–T034 Range', 'T029–T034'],
    ['- [ ] T029-T034 Range', 'T029-T034'],
    ['- [ ] T029–034 Range', 'T029–034'],
    ['- [ ] T061/T062 Pair', 'T061/T062'],
    ['- [ ] T061, T062 Pair', 'T061,T062'],
    ['- [ ] T001建立專案', 'T001'],
    ['* [ ] T010 Star', 'T010'],
    ['+ [ ] T010 Plus', 'T010'],
    ['3. [ ] T010 Numbered', 'T010'],
    ['   - [ ] T010 Indented', 'T010'],
    ['\t- [ ] T010 Tab', 'T010'],
    ['> - [ ] T010 Quoted', 'T010'],
    ['[ ] T010 No bullet', 'T010'],
    ['-\u00a0[ ]\u00a0T010\u00a0Hard spaces', 'T010'],
    ['- [~] 🟡 T004 _(partial)_ [P] Half', 'T004'],
    ['- [ ] [P] [US1] T012 Tags first', 'T012'],
    ['- T013 [ ] Box after the id', 'T013'],
  ])('%s', (line, id) => {
    expect(ids(line)).toEqual([id])
  })

  it('counts equal ids and keeps them apart', () => {
    const { tasks } = parseTasks('- [x] T011 One\n- [ ] T012 Two\n- [ ] T011 Three')
    expect(tasks.map((task) => [task.externalId, task.occurrence, task.title])).toEqual([
      ['T011', 1, 'One'],
      ['T012', 1, 'Two'],
      ['T011', 2, 'Three'],
    ])
  })

  it.each([
    '- [ ] T5-base model',
    '- [ ] Test001 works',
    '- [ ] TCP001',
    '- [ ] Trim T001',
    '- [ ]',
  ])('takes no id from %s', (line) => {
    expect(ids(line)).toEqual([])
  })
})

describe('titles and tags', () => {
  it.each([
    ['- [x] T001 [US1/US2] Shared', ['US1/US2']],
    ['- [x] T001 [US1+US2] Shared', ['US1+US2']],
    ['- [x] T001 [S1] [BE] x', ['S1', 'BE']],
    ['- [x] T001 [SETUP] x', ['SETUP']],
    ['- [x] T001 [FR-019] x', ['FR-019']],
    ['- [x] T001 [MANUAL] x', ['MANUAL']],
    ['- [x] T001 [邊界] x', ['邊界']],
    ['- [x] T001 [P][US1] x', ['US1']],
    ['- [x] T001 [P, US1] x', ['US1']],
  ])('%s', (line, labels) => {
    expect(only(line).labels).toEqual(labels)
  })

  it('does not take a link for a label', () => {
    expect(only('- [ ] T001 [the plan](plan.md) is read')).toMatchObject({
      labels: [],
      title: '[the plan](plan.md) is read',
    })
  })

  it('reads people and points from tags, never from a number in the title', () => {
    expect(only('- [ ] T001 [@ada.l] [5pts] [US1] Plan the release (2024) 8 points')).toMatchObject(
      {
        assignee: 'ada.l',
        points: 5,
        labels: ['US1'],
        title: 'Plan the release (2024) 8 points',
      },
    )
    expect(only('- [ ] T001 Ship it [@bob] [3 pt]')).toMatchObject({
      assignee: 'bob',
      points: 3,
      title: 'Ship it',
    })
    expect(only('- [ ] T001 Plan 2024 (13)').points).toBeNull()
  })

  it.each([
    ['- [x] **T001** **Bold** start ✅', 'Bold start'],
    ['- [ ] **T001: All bold**', 'All bold'],
    ['- [ ] T001 — after a dash', 'after a dash'],
    [
      '- [ ] T001 Keep `**kwargs` and src/**/*.ts and __init__.py',
      'Keep `**kwargs` and src/**/*.ts and __init__.py',
    ],
    ['- [ ] T001 `code` first', '`code` first'],
    ['- [ ] **T001** `code` after bold', '`code` after bold'],
    ['- [ ] `T001` plain after code', 'plain after code'],
    ['- [ ] T001 Show `✅`', 'Show `✅`'],
    ['- [ ] T001 Show &#x2705; at the end &#9989;', 'Show ✅ at the end ✅'],
    ['- [ ] T001 Escaped \\*\\*stars\\*\\* and Result\\<T\\>', 'Escaped **stars** and Result<T>'],
    ['- [ ] T001 Build (depends on T000)', 'Build'],
    ['- [ ] T001 Build (depends on the weather)', 'Build (depends on the weather)'],
    ['- [ ] T001 Noted <!-- marker --> here', 'Noted here'],
  ])('%s', (line, title) => {
    expect(only(line).title).toBe(title)
  })

  it('joins a wrapped title and keeps the body', () => {
    const text = [
      '- [ ] T001 [US1] Split the renderer in',
      '      `src/render.ts` by kind',
      '  - keep the order',
      '',
      '  ```ts',
      '- [ ] T900 not a task',
      '  ```',
      '- [ ] T002 Next',
    ].join('\n')
    const { tasks } = parseTasks(text.replace('- [ ] T900', '  - [ ] T900'))
    expect(tasks.map((task) => [task.externalId, task.title])).toEqual([
      ['T001', 'Split the renderer in `src/render.ts` by kind'],
      ['T002', 'Next'],
    ])
    expect(tasks[0]?.body).toBe('- keep the order\n\n```ts\n- [ ] T900 not a task\n```')
    expect(tasks[0]?.files).toEqual(['src/render.ts'])
  })

  it('stops a body at text that is not indented', () => {
    const { tasks } = parseTasks('- [ ] T001 A\n  more\n\n**Checkpoint**: done\n')
    expect(tasks[0]).toMatchObject({ title: 'A more', body: '' })
  })

  it('shortens a very long title and keeps all of it in the body', () => {
    const long = `First sentence of the work at hand. ${'word '.repeat(100)}`.trim()
    const task = only(`- [ ] T001 ${long}`)
    expect(task.title).toBe('First sentence of the work at hand.')
    expect(task.body).toBe(long)
  })

  it('names paths once and no product or address', () => {
    const task = only(
      '- [ ] T001 Wire src/a.ts and `src/a.ts`, backend/ and `docs/x/` with Node.js per https://example.org/a.md',
    )
    expect(task.files).toEqual(['src/a.ts', 'backend/', 'docs/x/'])
  })
})

describe('struck out', () => {
  it('a struck id is cancelled whatever the box says', () => {
    expect(only('- [x] ~~T051~~ [P] [US2] ~~Register the tool~~ — not needed')).toMatchObject({
      mark: 'cancelled',
      struck: true,
      parallel: true,
      title: 'Register the tool — not needed',
    })
    expect(only('- [ ] ~~T051 Gone~~').mark).toBe('cancelled')
  })

  it('a struck title cancels closed work and never hides open work', () => {
    expect(only('- [x] T008 ~~Add bulk~~ — skipped').mark).toBe('cancelled')
    expect(only('- [ ] T008 ~~Add bulk~~ — blocked').mark).toBe('open')
    expect(only('- [x] T008 Add ~~bulk~~ single').mark).toBe('done')
  })

  it('[-] beside a yellow sign is begun, not dropped', () => {
    expect(only('- [-] 🟨 T003 Partly').mark).toBe('in_progress')
  })
})

describe('headings and tables', () => {
  it('takes headings as tasks, with the status they show', () => {
    const { tasks } = parseTasks(
      '## Phase 1: Base\n### T101 ✅ [Setup] Create\nBody line\n- [ ] a check\n\n---\n\n### T102 ⬜ [Test] Try\n### - [ ] T103 [P] Box\n',
    )
    expect(tasks.map((t) => [t.externalId, t.mark, t.markOffset === null, t.labels])).toEqual([
      ['T101', 'done', true, ['Setup']],
      ['T102', 'open', true, ['Test']],
      ['T103', 'open', false, []],
    ])
    expect(tasks[0]).toMatchObject({ body: 'Body line\n- [ ] a check', title: 'Create' })
    expect(tasks[0]?.phase).toEqual({ number: '1', title: 'Base' })
  })

  it('a heading over its own checkbox is only a title', () => {
    const text = '### T001: Types\n\n- [x] T001 [BE] Add types\n\n### T002 ✅ Also\n- [x] T002 Box'
    expect(parseTasks(text).tasks.map((t) => [t.externalId, t.line])).toEqual([
      ['T001', 3],
      ['T002', 6],
    ])
    expect(reasons(text)).toEqual(['1 heading_reference', '5 heading_reference'])
  })

  it('a heading with a status outranks a checklist elsewhere that repeats it', () => {
    const text = '### T101 ✅ Create\n\n## This week\n\n- [ ] T101: Create\n'
    expect(parseTasks(text).tasks.map((t) => [t.line, t.mark])).toEqual([[1, 'done']])
    expect(reasons(text)).toEqual(['5 checkbox_reference'])
  })

  it('a heading over a range of tasks is a reference', () => {
    const text = '### T001-T003: Setup\n- [ ] T001 A\n- [ ] T002 B'
    expect(ids(text)).toEqual(['T001', 'T002'])
    expect(reasons(text)).toEqual(['1 heading_reference'])
  })

  it('takes table rows that are the only place of a task', () => {
    const text = [
      '| ID | Task | Files | Status |',
      '|----|------|-------|--------|',
      '| T119 | Migrate the store | `db.rs` | ✅ |',
      '| T120 | Link it | | Pending |',
    ].join('\n')
    expect(parseTasks(text).tasks).toMatchObject([
      {
        externalId: 'T119',
        mark: 'done',
        markOffset: null,
        title: 'Migrate the store',
        body: 'files: `db.rs`',
      },
      { externalId: 'T120', mark: 'open', title: 'Link it' },
    ])
  })

  it('patches a checkbox cell, and leaves reference tables alone', () => {
    const boxed = '| Done | Task | What |\n|---|---|---|\n| [x] | T001 | Build |'
    expect(only(boxed)).toMatchObject({ mark: 'done', markOffset: boxed.indexOf('[x]') + 1 })
    const text =
      '- [ ] T001 A\n\n| Task | Evidence |\n|---|---|\n| T001 | it ran |\n| T002, T003 | both |\n'
    expect(ids(text)).toEqual(['T001'])
    expect(reasons(text)).toEqual(['5 table_reference', '6 table_reference'])
    expect(ids('| Phase | What |\n|---|---|\n| T001 | not an id column |')).toEqual([])
  })
})

describe('what is not a task', () => {
  it('says why, line by line', () => {
    const text = [
      '---',
      'note: "- [ ] T000"',
      'list:',
      '- [ ] T000 in front matter',
      '---',
      '- [ ] T001 Real',
      '- [ ] no id, an acceptance check',
      '- [P] tasks = different files',
      '- [P] T003 without a box',
      '- T003, T004 can run together',
      'T003 is last.',
      '```',
      '- [ ] T005 in code',
      'Task: "T006 in an example"',
      '```',
      '<!-- - [ ] T007 in a comment -->',
      '<!--',
      '- [ ] T008 in a comment',
      '-->',
      '~~~text',
      '- [ ] T009 in code',
      '~~~',
    ].join('\n')
    expect(ids(text)).toEqual(['T001'])
    expect(reasons(text)).toEqual(
      [
        '4 in_front_matter',
        '7 checkbox_without_id',
        '8 legend',
        '9 bullet_without_checkbox',
        '10 bullet_without_checkbox',
        '11 prose',
        '13 in_fence',
        '14 in_fence',
        '16 in_comment',
        '18 in_comment',
        '20 in_fence',
      ].map((reason) => reason.replace('20 in_fence', '21 in_fence')),
    )
  })

  it('a rule at the top is not front matter', () => {
    expect(ids('---\n\n- [ ] T001 A\n\n---\n- [ ] T002 B')).toEqual(['T001', 'T002'])
  })

  it('an opened comment in code, or one that never closes, hides nothing', () => {
    expect(ids('Use `<!--` here\n- [ ] T001 A\n<!-- open\n- [ ] T002 B')).toEqual(['T001', 'T002'])
  })

  it('a fence inside a list item ends with the item', () => {
    expect(ids('- [ ] T001 A\n  ```sh\n  run\n- [ ] T002 B')).toEqual(['T001', 'T002'])
  })
})

describe('bytes', () => {
  it.each([
    ['CRLF', '# T\r\n\r\n- [ ] T001 A\r\n- [x] T002 B\r\n'],
    ['mixed ends', '# T\n\r\n- [ ] T001 A\r- [x] T002 B'],
    ['BOM', '\ufeff- [ ] T001 A\n- [x] T002 B\n'],
    ['no final newline', '- [ ] T001 A\n- [x] T002 B'],
  ])('%s', (_name, text) => {
    const { tasks } = parseTasks(text)
    expect(tasks.map((t) => [t.externalId, t.title, text[t.markOffset ?? -1]])).toEqual([
      ['T001', 'A', ' '],
      ['T002', 'B', 'x'],
    ])
  })

  it('counts lines across every kind of line end', () => {
    expect(parseTasks('a\r\nb\rc\n- [ ] T001 A').tasks[0]?.line).toBe(4)
  })

  it('offsets count UTF-16 units', () => {
    const text = '# 🎯🎯\n- [x] T001 A'
    expect(text[only(text).markOffset ?? -1]).toBe('x')
  })
})

describe('phases', () => {
  it.each([
    ['## Phase 3.1: Setup', '3.1', 'Setup'],
    ['## Phase 3+: Later', '3', 'Later'],
    ['## Phase N: Polish', 'N', 'Polish'],
    ['### Phase 5A: More', '5A', 'More'],
    ['## 🎯 Phase 1: Base ✅ DONE', '1', 'Base'],
    ['## Phase 2 — Foundation', '2', 'Foundation'],
    ['## 阶段 2：基础', '2', '基础'],
    ['## 第二阶段：基础', '2', '基础'],
    ['## 第3階段 建置', '3', '建置'],
    ['## フェーズ３：実装', '3', '実装'],
    ['## 2단계: 기반', '2', '기반'],
    ['## Фаза 4: Проверка', '4', 'Проверка'],
    ['## Этап 1. Основа', '1', 'Основа'],
    ['## Fase 2: Fundação', '2', 'Fundação'],
    ['## Final Phase: Polish', null, 'Polish'],
    ['## 1. Setup', '1', 'Setup'],
    ['## Setup', null, 'Setup'],
  ])('%s', (heading, number, title) => {
    expect(only(`# Tasks: X\n\n${heading}\n\n- [ ] T001 A`).phase).toEqual({ number, title })
  })

  it('a section inside a phase does not hide the phase', () => {
    const { tasks, phases } = parseTasks(
      '## Phase 1: A\n### Tests\n- [ ] T001 x\n## Phase 2: B\n- [ ] T002 y\n- [ ] T003 z\n## Phase Dependencies\n',
    )
    expect(tasks.map((t) => t.phase?.number)).toEqual(['1', '2', '2'])
    expect(phases).toEqual([
      { number: '1', title: 'A', line: 1, tasks: 1 },
      { number: '2', title: 'B', line: 4, tasks: 2 },
    ])
  })

  it('no heading, no phase', () => {
    expect(only('- [ ] T001 A').phase).toBeNull()
  })
})
