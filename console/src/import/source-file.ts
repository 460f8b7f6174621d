import { Problem } from '../api/problem.ts'

/** What an import takes at most; the API refuses more. */
export const mostBytes = 8_000_000

const refused = (message: string) =>
  new Problem(422, { detail: message, errors: [{ field: 'content', message }] })

const megabytes = (bytes: number) => `${(bytes / 1_000_000).toFixed(1)} MB`

/**
 * The text of a chosen file.
 * @throws Problem naming `content` where there is none, or it is too big, empty or no text
 */
export async function textOf(file: File | null): Promise<string> {
  if (file === null) throw refused('Choose a tasks.md, or drop one onto the page.')
  if (file.size > mostBytes) {
    throw refused(
      `${file.name} has ${megabytes(file.size)}; an import takes at most ${megabytes(mostBytes)}. Split it, or choose the tasks.md of one spec.`,
    )
  }
  const text = decoded(await file.arrayBuffer().catch(() => null), file.name)
  if (text.trim() === '') throw refused(`${file.name} is empty. Choose a file with tasks in it.`)
  return text
}

function decoded(bytes: ArrayBuffer | null, name: string): string {
  if (bytes === null) throw refused(`${name} cannot be read any longer. Choose it again.`)
  let text: string | null
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    text = null
  }
  if (text === null || text.includes('\u0000')) {
    throw refused(`${name} is not a text in UTF-8. Choose a tasks.md, saved as UTF-8.`)
  }
  return text
}

/** No import without a task: it would only archive what the spec has. */
export const withoutTask = (name: string, skipped: readonly { line: number }[]) =>
  refused(
    skipped.length === 0
      ? `${name} has no task. A task is a line such as “- [ ] T001 Write the parser”.`
      : `${name} has no task: ${skipped.length === 1 ? 'one line looks' : `${skipped.length} lines look`} like one and cannot be taken (line ${skipped
          .slice(0, 3)
          .map(({ line }) => line)
          .join(', ')}). A task is a line such as “- [ ] T001 Write the parser”.`,
  )
