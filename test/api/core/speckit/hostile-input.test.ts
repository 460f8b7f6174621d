import { describe, expect, it } from 'vitest'
import { parseTasks } from '../../../../api/core/speckit/parse-tasks.ts'
import { patchMarks } from '../../../../api/core/speckit/patch-marks.ts'
import { SpecKitError } from '../../../../api/core/speckit/speckit-error.ts'

function refusal(text: string): SpecKitError {
  try {
    parseTasks(text)
  } catch (error) {
    if (error instanceof SpecKitError) return error
    throw error
  }
  throw new Error('not refused')
}

describe('refused with a reason', () => {
  it('NUL', () => {
    expect(refusal('- [ ] T001 A\r\n- [ ] T002 \0')).toMatchObject({
      code: 'nul_character',
      line: 2,
      message: expect.stringContaining('UTF-8'),
    })
  })

  it('a lone surrogate', () => {
    expect(refusal('ok\n\ud83c tail')).toMatchObject({ code: 'lone_surrogate', line: 2 })
    expect(refusal('😀\n\n\udf00')).toMatchObject({ code: 'lone_surrogate', line: 3 })
  })

  it('too long a text, line, or list of tasks', () => {
    expect(refusal(' \n'.repeat(17 * 1024 * 1024)).code).toBe('text_too_long')
    expect(refusal(`a\n${'x'.repeat(5 * 1024 * 1024)}`)).toMatchObject({
      code: 'line_too_long',
      line: 2,
    })
    expect(refusal('- [ ] T1 a\n'.repeat(200_001)).code).toBe('too_many_tasks')
    expect(refusal('\n'.repeat(2_000_002)).code).toBe('too_many_lines')
  })
})

/** Enough of one piece that anything worse than linear would not come back before the timeout. */
function plenty(piece: string): string {
  return piece.repeat(Math.ceil(400_000 / piece.length))
}

describe('400 kB of', () => {
  it.each([
    '[',
    '[]',
    '[ ',
    '[[x]',
    '(',
    '((depends on ',
    '*',
    '**a',
    '~~a ',
    '`',
    '` `` ',
    '<!--',
    '<!---->',
    '-->',
    '&#x;',
    '\\',
    '|',
    '| T001 ',
    '-',
    '- ',
    '> ',
    '#',
    '✅',
    ' ',
    '\t',
    'T',
    'T001',
    'T001 ',
    'T001,',
    'T001-T300 ',
    'T001 → ',
    'T001 before ',
    '(T001 ',
    '1. ',
    '_(a)_ ',
    'a/',
    '.',
  ])(
    '%j',
    (piece) => {
      const much = plenty(piece)
      for (const text of [
        much,
        `- [ ] T001 ${much}`,
        `- [ ] ${much}`,
        `## ${much}\n- [ ] T001 x`,
      ]) {
        expect(patchMarks(text, []).text).toBe(text)
      }
    },
    30_000,
  )

  it.each([
    '[\n',
    '`\n',
    '```\n',
    '~~~ \n',
    '<!--\n',
    'a <!--\n',
    '- \n',
    '  - [ ] a\n',
    '---\n',
    '|-\n',
    '| T1 | a |\n|-|-|\n',
    '# a\n',
    'T1\n',
    '> ```\n',
    '\r',
    'a: b\n',
    '- [ ] T001\n  ```\n',
  ])(
    'lines %j',
    (piece) => {
      const much = plenty(piece)
      for (const text of [much, `---\n${much}`, `- [ ] T001 A\n${much}-->`]) {
        expect(patchMarks(text, []).text).toBe(text)
      }
    },
    30_000,
  )
})

describe('large files', () => {
  const many = (count: number, line: (i: number) => string) =>
    Array.from({ length: count }, (_, i) => line(i)).join('\n')
  const id = (i: number) => `T${String(i + 1).padStart(3, '0')}`

  it('100,000 tasks with bodies, labels and dependencies', () => {
    const text = many(
      100_000,
      (i) =>
        `- [ ] ${id(i)} [P] [US1] Build part ${i} in src/p${i}.ts${i > 0 ? ` (depends on ${id(i - 1)})` : ''}\n  - a check\n  more`,
    )
    const parsed = parseTasks(text)
    expect(parsed.tasks).toHaveLength(100_000)
    expect(parsed.dependencies).toHaveLength(99_999)
    const patched = patchMarks(
      text,
      parsed.tasks.map(({ externalId, occurrence }) => ({ externalId, occurrence, done: true })),
    )
    expect(patched.changed).toHaveLength(100_000)
    expect(patched.text).toBe(text.replaceAll('[ ]', '[x]'))
  }, 60_000)

  it('100,000 tasks with one id', () => {
    const parsed = parseTasks(many(100_000, () => '- [ ] T001 Same (depends on T002)'))
    expect(parsed.tasks.at(-1)?.occurrence).toBe(100_000)
  }, 60_000)

  it('a circle through 50,000 tasks does not exhaust the stack', () => {
    const text = many(50_000, (i) => `- [ ] ${id(i)} x (depends on ${id((i + 1) % 50_000)})`)
    const { dependencies } = parseTasks(text)
    expect(dependencies).toHaveLength(50_000)
    expect(dependencies.every(({ kind }) => kind === 'suggested')).toBe(true)
  }, 60_000)

  it('50,000 headings, of six levels, with tasks', () => {
    const text = many(50_000, (i) => `${'#'.repeat((i % 6) + 1)} ${id(i)} ✅ x`)
    expect(parseTasks(text).tasks).toHaveLength(50_000)
  }, 60_000)

  it('lists ten deep', () => {
    const text = many(10, (i) => `${'  '.repeat(i)}- [ ] ${id(i)} Level ${i}`)
    expect(parseTasks(text).tasks.map((task) => task.externalId)).toEqual(
      Array.from({ length: 10 }, (_, i) => id(i)),
    )
  })
})
