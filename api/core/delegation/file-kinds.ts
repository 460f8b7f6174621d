import type { Fields, Reading } from './fields.ts'
import type { FileName } from './paths.ts'
import { readAgent } from './read-agent.ts'
import { readMarkdown } from './read-markdown.ts'
import { type Shape, sprintShape, taskShape } from './shapes.ts'
import { writeAgent } from './write-agent.ts'
import { writeMarkdown } from './write-markdown.ts'

/** The texts that a new text of a file is made from. */
export interface Texts {
  file: string
  /** What the template said when the file was last written, if that is known. */
  before: string | null
  now: string
  /** What our own template says now. */
  plain: string
}

interface FileKind {
  read(text: string): Reading
  /** @throws Error where the file cannot take a value */
  write(texts: Texts, wanted: Fields): string
}

const markdown = (shape: Shape): FileKind => ({
  read: (text) => readMarkdown(text, shape),
  write: ({ file, before, now, plain }, wanted) =>
    writeMarkdown(
      {
        file: readMarkdown(file, shape),
        before: before === null ? null : readMarkdown(before, shape),
        now: readMarkdown(now, shape),
        plain: readMarkdown(plain, shape),
      },
      wanted,
    ),
})

/** How each kind of file is read, and written again. */
export const fileKinds: Readonly<Record<FileName, FileKind>> = {
  'SPRINT.md': markdown(sprintShape),
  'TASK.md': markdown(taskShape),
  'AGENT.yml': {
    read: readAgent,
    write: ({ file }, wanted) => writeAgent(readAgent(file), wanted),
  },
}
