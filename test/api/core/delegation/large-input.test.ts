import { describe, expect, test, vi } from 'vitest'
import { readAgent } from '../../../../api/core/delegation/read-agent.ts'
import { readMarkdown } from '../../../../api/core/delegation/read-markdown.ts'
import { TemplateProblem } from '../../../../api/core/delegation/render.ts'
import { taskShape } from '../../../../api/core/delegation/shapes.ts'
import { TemplateSets } from '../../../../api/core/delegation/template-sets.ts'
import { writeMarkdown } from '../../../../api/core/delegation/write-markdown.ts'
import { unifiedLines } from '../../../../api/core/revisions/unified-lines.ts'

const path = 'delegation/.templates/TASK.md'
const read = (text: string) => readMarkdown(text, taskShape)
const spaces = ' '.repeat(200_000)

// Each of these took minutes, in which the API answered nobody; a test that hangs fails.
describe('a file of somebody else', () => {
  test('is read at once, wherever its spaces are', () => {
    const { fields } = read(`# T\n**Assignee**:${spaces}Ada\u2028L\n##${spaces}x\u2028y\n`)
    expect(fields).toEqual({ title: 'T', assignee: 'Ada L' })
  })

  test('is read at once, however many keys it has, and names those that stand there twice', () => {
    const keys = Array.from({ length: 15_000 }, (_, nth) => `  k${nth}: 1`).join('\n')
    expect(readAgent(`extra:\n${keys}`).problems).toEqual([])
    const { problems } = readAgent(`extra:\n${keys}\n  k7: 2`)
    expect(problems).toMatchObject([{ line: 15_002, column: 3 }])
    expect(readAgent(keys.replaceAll('  k', 'k')).problems[0]?.message).toContain('1000 keys')
  })

  test('is not written out where its aliases make much of little', () => {
    const bomb = `a: &a "${'x'.repeat(100_000)}"\nb: [${Array(90).fill('*a').join(', ')}]`
    expect(readAgent(bomb).problems[0]?.message).toContain('too large')
  })

  test('has no text that the database cannot hold', () => {
    const { fields, problems } = readAgent('task:\n  title: "a\\0b"\nnote: "\\uD800"\n')
    expect(fields).toEqual({})
    expect(problems.map((it) => it.line)).toEqual([3, 2])
  })

  test('of equal lines keeps its text rather than being compared line by line', () => {
    const notes = (first: string) => read(`# T\n## Notes\n${first}\n${'same\n'.repeat(20_000)}`)
    const sides = { file: notes('mine'), before: notes('old'), now: notes('new'), plain: read('') }
    expect(writeMarkdown(sides, { title: 'T' })).toContain('mine\n')
  })
})

test('two texts are compared by what is between their equal ends, if that is soon done', () => {
  const text = (line: string) => `${'same\n'.repeat(5000)}${line}\n${'same\n'.repeat(5000)}`
  expect(unifiedLines(text('a'), text('b'))).toBe(
    '@@ -4998,7 +4998,7 @@\n same\n same\n same\n-a\n+b\n same\n same\n same',
  )
  const framed = (line: string) => `${line}\n${'same\n'.repeat(2000)}${line}`
  expect(unifiedLines(framed('a'), framed('b'))).toBeNull()
})

test('templates that reach a limit within a filter are named', () => {
  const text = '{% assign all = (1..9) | sort %}'
  const { render } = new TemplateSets([{ path, text }]).of('task', 'default')
  let now = 0
  vi.spyOn(performance, 'now').mockImplementation(() => (now += 300))
  expect(() => render({})).toThrow(TemplateProblem)
  vi.restoreAllMocks()
})

test('templates of a project that take too long together are rendered no more', () => {
  const sets = new TemplateSets([{ path, text: 'plain' }], { once: 0, each: 0 })
  const { render } = sets.of('task', 'default')
  expect(render({})).toBe('plain')
  expect(() => render({})).toThrow('take too long')
})
