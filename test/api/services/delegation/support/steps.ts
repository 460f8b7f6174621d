import fc from 'fast-check'
import { parseDocument } from 'yaml'

/** What text may hold that means something to one of the formats. */
const words = fc.constantFrom(
  'plain',
  'a: b # c',
  '"quoted',
  '🎉 / \\',
  '- item',
  '[x](y)',
  '**Status**: done',
)
const bodies = fc.constantFrom(
  'one line',
  'two\n\nlines',
  'a\n## Objectives\n- no',
  '```\n# code\n```',
  '\\## kept',
)
const task = fc.constantFrom(0, 1)
const field = fc.constantFrom('title', 'description', 'objectives', 'priority')

interface Edit {
  task: number
  field: string
  word: string
  body: string
}
/** What people do on the board, also while a sync runs. */
type OnBoard =
  | ({ do: 'board' } & Edit)
  | { do: 'resolve'; which: number; side: 'board' | 'other' }
  | { do: 'off' | 'nothing' }

export type Step =
  | Exclude<OnBoard, { do: 'off' }>
  | ({ do: 'file'; yaml: boolean } & Edit)
  | { do: 'free'; task: number; yaml: boolean }
  | { do: 'key' | 'remove' | 'drop'; task: number }
  | {
      do: 'sync'
      writes: boolean
      confirms: boolean
      meanwhile: readonly OnBoard[]
      /** Once more, where the edits of files are taken. */
      between: readonly OnBoard[]
      twice: boolean
    }

const edit = { task, field, word: words, body: bodies }
const board = fc.record({ do: fc.constant('board' as const), ...edit })
const file = fc.record({ do: fc.constant('file' as const), ...edit, yaml: fc.boolean() })
const resolve = fc.record({
  do: fc.constant('resolve' as const),
  which: fc.nat(3),
  side: fc.constantFrom('board' as const, 'other' as const),
})
const off = fc.constant({ do: 'off' as const })
const meanwhile = fc.oneof(
  { weight: 2, arbitrary: fc.constant([]) },
  { weight: 2, arbitrary: fc.tuple(resolve) },
  { weight: 1, arbitrary: fc.tuple(fc.oneof(board, off)) },
  { weight: 1, arbitrary: fc.tuple(board, resolve) },
)
const sync = fc.record({
  do: fc.constant('sync' as const),
  writes: fc.boolean(),
  confirms: fc.boolean(),
  meanwhile,
  between: fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: meanwhile }),
  twice: fc.boolean(),
})
/** The same field on both sides, what a sync makes of it, and a decision while the next one runs. */
const clash = fc
  .tuple(board, file, sync, sync, resolve)
  .map(([onBoard, inFile, first, next, decision]) => [
    onBoard,
    { ...inFile, task: onBoard.task, field: onBoard.field },
    { ...first, meanwhile: [], between: [], writes: true },
    { ...next, meanwhile: [decision] },
  ])

export const steps: fc.Arbitrary<Step[]> = fc
  .array(
    fc.oneof(
      { weight: 2, arbitrary: fc.tuple(board) },
      { weight: 3, arbitrary: fc.tuple(file) },
      { weight: 2, arbitrary: clash },
      {
        weight: 2,
        arbitrary: fc.tuple(
          fc.record({ do: fc.constant('free' as const), task, yaml: fc.boolean() }),
        ),
      },
      {
        weight: 1,
        arbitrary: fc.tuple(
          fc.record({
            do: fc.constantFrom('key' as const, 'remove' as const, 'drop' as const),
            task,
          }),
        ),
      },
      { weight: 1, arbitrary: fc.tuple(resolve) },
      { weight: 3, arbitrary: fc.tuple(sync) },
    ),
    { minLength: 3, maxLength: 9 },
  )
  .map((all) => all.flat())

/** Edits a line, a section or a list of TASK.md, as a person would. */
export function editMarkdown(text: string, field: string, value: string | string[]): string {
  if (field === 'title') return text.replace(/^# .*$/m, () => `# ${value}`)
  if (field === 'priority')
    return text.replace(/\*\*Priority\*\*: .*/, () => `**Priority**: ${value}`)
  const heading = field === 'description' ? 'Description' : 'Objectives'
  const lines = Array.isArray(value)
    ? value.map((item) => `- ${item}`).join('\n')
    : value.replace(/^(\\*##)/gm, '\\$1')
  return text.replace(
    new RegExp(`(\\n## ${heading}\\n)[\\s\\S]*?(?=\\n## |$)`),
    (_, head) => `${head}\n${lines}\n`,
  )
}

/** Takes the section out whole; a heading that is text of a description (`\## …`) stays. */
export function dropObjectives(text: string): string {
  return text.replace(/\n## Objectives\n[\s\S]*?(?=\n## |$)/, '')
}

export function editYaml(text: string, path: string[], value: unknown): string {
  const document = parseDocument(text)
  document.setIn(path, value)
  return document.toString({ lineWidth: 0 })
}

/** A value that is told by its mark wherever it comes to be. */
export function valueFor({ field, word, body }: Edit, mark: string) {
  if (field === 'title') return `${mark} ${word}`
  if (field === 'description') return `${mark} ${body}`
  if (field === 'objectives') return [`${mark} ${word}`, 'another']
  return Number(mark.slice(1, -1)) % 2 === 0 ? 'high' : 'low'
}
