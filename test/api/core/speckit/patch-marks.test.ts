import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseTasks } from '../../../../api/core/speckit/parse-tasks.ts'
import { patchMarks } from '../../../../api/core/speckit/patch-marks.ts'

function set(text: string, id: string, done: boolean, occurrence = 1) {
  return patchMarks(text, [{ externalId: id, occurrence, done }])
}

describe('patchMarks', () => {
  it('changes the mark alone', () => {
    const text = '\ufeff# T\r\n\r\n* [ ]  **T001** A ✅ \r- [X] T002 B\n  body\t\n- [x] T003 C'
    expect(set(text, 'T001', true).text).toBe(text.replace('[ ]', '[x]'))
    expect(set(text, 'T002', false).text).toBe(text.replace('[X]', '[ ]'))
    expect(set(text, 'T002', false).changed).toEqual([{ externalId: 'T002', occurrence: 1 }])
  })

  it('ticks the way the file does', () => {
    expect(set('- [X] T001 A\n- [ ] T002 B', 'T002', true).text).toContain('- [X] T002')
    expect(set('- [x] T001 A\n- [ ] T002 B', 'T002', true).text).toContain('- [x] T002')
    expect(set('- [ ] T002 B', 'T002', true).text).toBe('- [x] T002 B')
  })

  it('finishes work in progress and leaves it alone otherwise', () => {
    const text = '- [~] T001 A\n- [-] T002 B'
    expect(set(text, 'T001', true).text).toBe('- [x] T001 A\n- [-] T002 B')
    expect(set(text, 'T001', false)).toEqual({ text, changed: [], unpatchable: [] })
    expect(set(text, 'T002', false).text).toBe(text)
    expect(set(text, 'T002', true).text).toBe('- [~] T001 A\n- [x] T002 B')
  })

  it('reaches each of two equal ids', () => {
    const text = '- [ ] T001 A\n- [ ] T001 B'
    expect(set(text, 'T001', true, 2).text).toBe('- [ ] T001 A\n- [x] T001 B')
  })

  it('reaches boxes in headings, tables, ids and sub-items', () => {
    const text =
      '### - [ ] T001 A\n- T002 [ ] B\n  - [ ] T003 C\n\n| x | Task | What |\n|-|-|-|\n| [ ] | T004 | Do |\n'
    const all = ['T001', 'T002', 'T003', 'T004'].map((externalId) => ({
      externalId,
      occurrence: 1,
      done: true,
    }))
    expect(patchMarks(text, all).text).toBe(text.replaceAll('[ ]', '[x]'))
  })

  it('says what it cannot do, and does the rest', () => {
    const text = '- [ ] T001 A\n- [x] ~~T002~~ B\n- [] T003 C\n- [ ] T005 ~~D~~ dropped'
    const patched = patchMarks(text, [
      { externalId: 'T001', occurrence: 1, done: true },
      { externalId: 'T002', occurrence: 1, done: true },
      { externalId: 'T003', occurrence: 1, done: true },
      { externalId: 'T004', occurrence: 1, done: true },
      { externalId: 'T005', occurrence: 1, done: true },
      { externalId: 'T001', occurrence: 1, done: false },
    ])
    expect(patched.text).toBe(text.replace('[ ] T001', '[x] T001'))
    expect(patched.unpatchable.map(({ key, reason }) => `${key.externalId} ${reason}`)).toEqual([
      'T002 struck_out',
      'T003 no_checkbox',
      'T004 not_in_file',
      'T005 struck_out',
      'T001 asked_twice',
    ])
  })

  it('never touches a struck or cancelled task that is not done anyway', () => {
    const text = '- [x] ~~T002~~ B\n- [x] T003 ~~C~~'
    for (const id of ['T002', 'T003']) expect(set(text, id, false).text).toBe(text)
  })

  it('gives the very same text back when nothing differs, whatever the text', () => {
    fc.assert(
      fc.property(markdown(), (text) => {
        const { tasks } = parseTasks(text)
        const same = tasks.map(({ externalId, occurrence, mark }) => ({
          externalId,
          occurrence,
          done: mark === 'done',
        }))
        expect(patchMarks(text, same)).toEqual({ text, changed: [], unpatchable: [] })
      }),
      { numRuns: 500 },
    )
  })

  it('flips one task and no other, whatever the text', () => {
    fc.assert(
      fc.property(markdown(), fc.nat(), (text, pick) => {
        const { tasks } = parseTasks(text)
        const free = tasks.filter((task) => task.markOffset !== null && !task.struck)
        const task = free[pick % Math.max(free.length, 1)]
        if (task === undefined) return
        const done = task.mark !== 'done'
        const patched = set(text, task.externalId, done, task.occurrence)
        const differs = [...Array(text.length).keys()].filter((i) => text[i] !== patched.text[i])
        expect(patched.text).toHaveLength(text.length)
        expect(differs).toEqual([task.markOffset])
        expect(
          parseTasks(patched.text).tasks.map((after) => [after.externalId, after.mark === 'done']),
        ).toEqual(
          tasks.map((before) => [
            before.externalId,
            before === task ? done : before.mark === 'done',
          ]),
        )
      }),
      { numRuns: 1000 },
    )
  })
})

/** Text made of the pieces that the grammar turns on, in any order. */
function markdown(): fc.Arbitrary<string> {
  const piece = fc.constantFrom(
    '- [ ] ',
    '- [x] ',
    '* [X] ',
    '- [~] ',
    '- [-] ',
    '- ',
    '  ',
    '    ',
    '\t',
    '### ',
    '# ',
    '> ',
    '| ',
    ' |',
    '|-|-|',
    'T001',
    'T002',
    'T003a',
    'T004–T006',
    '[T007]',
    '[P]',
    '[US1]',
    '[ ]',
    '[x]',
    '**',
    '~~',
    '`',
    '```',
    '~~~',
    '<!--',
    '-->',
    '✅',
    '🟡',
    '⬜',
    ' ',
    ' ',
    '\n',
    '\n',
    '\n',
    '\r\n',
    '\r',
    '\u00a0',
    'title',
    'Do it',
    ': ',
    '. ',
    '→',
    'depends on ',
    '(',
    ')',
    '---',
    '\\',
    '\ufeff',
  )
  return fc.array(piece, { maxLength: 60 }).map((pieces) => pieces.join(''))
}
