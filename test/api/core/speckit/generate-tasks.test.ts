import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  generateTasks,
  type NewFilePhase,
  type NewFileTask,
} from '../../../../api/core/speckit/generate-tasks.ts'
import { parseTasks } from '../../../../api/core/speckit/parse-tasks.ts'
import { SpecKitError } from '../../../../api/core/speckit/speckit-error.ts'

function one(task: NewFileTask): string {
  return generateTasks({ title: 'X', phases: [{ title: 'P', tasks: [task] }] })
}

describe('generateTasks', () => {
  it('writes the official grammar', () => {
    const text = generateTasks({
      title: 'Log in',
      phases: [
        { title: 'Setup', purpose: 'Get going', tasks: [{ title: 'Create the project' }] },
        {
          title: 'User Story 1 - Sign in (Priority: P1)',
          tasks: [
            {
              title: 'Create the model',
              path: 'src/user.ts',
              parallel: true,
              labels: ['US1'],
              mark: 'done',
              dependsOn: ['T001'],
              body: '- keep it small',
            },
            { title: 'Sign in', assignee: 'ada', points: 3, externalId: 'T010' },
          ],
        },
      ],
    })
    expect(text).toBe(
      [
        '# Tasks: Log in',
        '',
        '## Phase 1: Setup',
        '',
        '**Purpose**: Get going',
        '',
        '- [ ] T001 Create the project',
        '',
        '## Phase 2: User Story 1 - Sign in (Priority: P1)',
        '',
        '- [x] T002 [P] [US1] Create the model in src/user.ts (depends on T001)',
        '  - keep it small',
        '- [ ] T010 [@ada] [3pts] Sign in',
        '',
      ].join('\n'),
    )
  })

  it('numbers around the ids that are given', () => {
    const text = generateTasks({
      title: 'X',
      phases: [
        { title: 'P', tasks: [{ title: 'a' }, { title: 'b', externalId: 'T002' }, { title: 'c' }] },
      ],
    })
    expect(parseTasks(text).tasks.map((task) => task.externalId)).toEqual(['T001', 'T002', 'T003'])
  })

  it.each([
    ['invalid_task_id', { title: 'a', externalId: 'ABC' }],
    ['invalid_task_id', { title: 'a', externalId: 't001' }],
    ['unknown_task_id', { title: 'a', dependsOn: ['T009'] }],
    ['unknown_task_id', { title: 'a', dependsOn: ['T001'] }],
    ['unwritable_text', { title: ' \n ' }],
    ['unwritable_text', { title: 'a', labels: ['P'] }],
    ['unwritable_text', { title: 'a', labels: ['@bob'] }],
    ['unwritable_text', { title: 'a', labels: ['a]b'] }],
    ['unwritable_text', { title: 'a', assignee: 'Ada Lovelace' }],
    ['unwritable_text', { title: 'a', points: 1.5 }],
    ['lone_surrogate', { title: 'a\ud800' }],
  ] as [string, NewFileTask][])('refuses, with %s, %j', (code, task) => {
    expect(() => one(task)).toThrow(expect.objectContaining({ code, name: 'SpecKitError' }))
  })

  it('refuses an id given twice', () => {
    const tasks = [
      { title: 'a', externalId: 'T001' },
      { title: 'b', externalId: 'T001' },
    ]
    expect(() => generateTasks({ title: 'X', phases: [{ title: 'P', tasks }] })).toThrow(
      SpecKitError,
    )
  })

  it.each([
    '- T005 looks like a range',
    'to T005',
    ', T002 and T003',
    '[US9] starts with a tag',
    '[@ada] [5pts] everywhere',
    ': colon first',
    '— dash first',
    '✅ first',
    'last ✅',
    'last ✔️',
    '**bold** and ~~strike~~ and ~~~',
    '`code` and one ` alone',
    'a `b` (depends on T001)',
    '<!-- comment --> x',
    'back\\slash and \\[ and C:\\new\\',
    '&#x41; and & alone',
    '_(note)_ first',
    '(2024) first',
    '| bar',
    '[ ] box',
    'T002 again',
    '#5 fix',
    '...',
    '\u200bzero width'.trim(),
  ])('writes the title %j so that it reads back', (title) => {
    const { tasks } = parseTasks(one({ title }))
    expect(tasks.map((task) => task.title)).toEqual([title.replace(/^\u200b/u, '')])
    expect(tasks[0]).toMatchObject({ labels: [], assignee: null, points: null, mark: 'open' })
  })

  it('keeps the number of tasks whatever a body holds', () => {
    const body =
      'Text\n- [ ] T050 fake\n# T051 ✅ fake\n| T052 | fake row |\n```\nopen fence\n<!-- open\n1. [x] T053 fake\n- T054 [ ] fake'
    const text = generateTasks({
      title: 'X',
      phases: [{ title: 'P', tasks: [{ title: 'a', body }, { title: 'b -->' }] }],
    })
    expect(parseTasks(text).tasks.map((task) => task.title)).toEqual(['a', 'b -->'])
  })

  it('reads back what was written, for any sprint', () => {
    fc.assert(
      fc.property(fc.array(phase(), { maxLength: 4 }), title(), (phases, name) => {
        const parsed = parseTasks(generateTasks({ title: name, phases }))
        const expected = phases.flatMap((each, index) =>
          each.tasks.map((task) => ({
            title: task.title
              .replace(/^[\s\u200b\ufeff]+/u, '')
              .replace(/\s+/gu, ' ')
              .trim(),
            mark: task.mark,
            parallel: task.parallel,
            labels: [...new Set(task.labels)],
            assignee: task.assignee,
            points: task.points,
            body: task.body,
            phase: String(index + 1),
          })),
        )
        expect(
          parsed.tasks.map(({ title, mark, parallel, labels, assignee, points, body, phase }) => ({
            title,
            mark,
            parallel,
            labels,
            assignee,
            points,
            body,
            phase: phase?.number,
          })),
        ).toEqual(expected)
        expect(new Set(parsed.tasks.map((task) => task.externalId)).size).toBe(expected.length)
      }),
      { numRuns: 1500 },
    )
  })
})

function title(): fc.Arbitrary<string> {
  const markup = fc
    .array(
      fc.constantFrom(
        'T001',
        'T002',
        '–',
        '-',
        ' ',
        ' ',
        '[',
        ']',
        '[P]',
        '[US1]',
        '[@a]',
        '[3pts]',
        '(',
        ')',
        '(depends on T001)',
        '*',
        '**',
        '~~',
        '`',
        '``',
        '\\',
        '<!--',
        '-->',
        '&#x2705;',
        '✅',
        '🟡',
        '\ufe0f',
        ':',
        '.',
        ',',
        '/',
        '|',
        '#',
        '!',
        'to',
        'a',
        'b',
        '中',
        '\u00a0',
      ),
      { minLength: 1, maxLength: 14 },
    )
    .map((pieces) => pieces.join(''))
  return fc
    .oneof(markup, fc.string({ unit: 'grapheme', maxLength: 40 }))
    .filter((text) => text.replace(/[\s\u200b\ufeff]+/gu, '') !== '' && !text.includes('\0'))
}

function phase(): fc.Arbitrary<NewFilePhase> {
  return fc.record({
    title: title(),
    tasks: fc.array(
      fc.record({
        title: title(),
        mark: fc.constantFrom('open', 'done', 'in_progress', 'cancelled'),
        parallel: fc.boolean(),
        labels: fc.array(fc.constantFrom('US1', 'US1/US2', 'BE', '邊界', 'FR-019'), {
          maxLength: 3,
        }),
        assignee: fc.constantFrom(null, 'ada', 'b.o_b-1'),
        points: fc.constantFrom(null, 0, 1, 13),
        body: fc.constantFrom(
          '',
          '- a check\n  - deeper\n\n- more',
          'Some text.\n\n```ts\nconst a = 1\n\n```',
        ),
      }),
      { maxLength: 5 },
    ),
  })
}
