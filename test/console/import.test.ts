import { expect, test } from 'vitest'
import { mostBytes, textOf, withoutTask } from '../../console/src/import/source-file.ts'
import { reasonWords } from '../../console/src/import/words.ts'
import { fieldName, fieldValue } from '../../console/src/scrum/task-fields.ts'

const file = (content: string | Uint8Array<ArrayBuffer>) => new File([content], 'tasks.md')

test('a file that is none is refused with what is wrong with it', async () => {
  const cases: [File | null, string][] = [
    [null, 'Choose a tasks.md'],
    [file(' \n\t'), 'is empty'],
    [file('x'.repeat(mostBytes + 1)), 'at most 8.0 MB'],
    [file(Uint8Array.of(0x2d, 0xff, 0x2d)), 'not a text in UTF-8'],
    [file('- [ ] T001 A\0'), 'not a text in UTF-8'],
  ]
  for (const [given, reason] of cases) await expect(textOf(given)).rejects.toThrow(reason)
  expect(await textOf(file('x'.repeat(mostBytes)))).toHaveLength(mostBytes)
})

test('a file without a task says whether a line looks like one, and where', () => {
  expect(withoutTask('a.md', []).message).toMatch(/^a.md has no task\. A task is/)
  expect(withoutTask('a.md', [{ line: 3 }]).message).toContain('one line looks')
  const four = [2, 4, 6, 8].map((line) => ({ line }))
  expect(withoutTask('a.md', four).message).toContain('4 lines look like one')
  expect(withoutTask('a.md', four).message).toContain('(line 2, 4, 6)')
})

test('a preview tells values, fields and reasons in words', () => {
  expect([null, '', [], ['US1', 'api'], 3].map((it) => fieldValue('labels', it))).toEqual([
    'nothing',
    'nothing',
    'none',
    'US1, api',
    '3',
  ])
  expect(fieldValue('board_status', 'in_progress')).toBe('In progress')
  expect(['board_status', 'story_points', 'title'].map(fieldName)).toEqual([
    'column',
    'points',
    'title',
  ])
  expect(reasonWords('checkbox_without_id')).toBe('has no id such as T001')
})
