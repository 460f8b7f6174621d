import * as z from 'zod'

/** What a sync of files and database came to, in a line and in numbers. */
export interface SyncReport {
  message: string
  written: { path: string; sha256: string | null }[]
  applied: Record<string, number>
  conflicts: { path: string; field: string }[]
  /** Documents that tasks refer to and that agents cannot be given. */
  unreadable: string[]
}

const Documents = z.object({
  sent: z.number(),
  unreadable: z.array(z.object({ path: z.string(), message: z.string() })),
})
const Synced = z.object({
  written: z.array(z.object({ path: z.string(), sha256: z.string().nullable() })),
  applied: z.record(z.string(), z.number()),
  conflicts: z.array(z.object({ path: z.string(), field: z.string() })),
  problems: z.array(
    z.object({
      path: z.string(),
      line: z.number().nullish(),
      column: z.number().nullish(),
      message: z.string(),
    }),
  ),
})

/** @throws naming each file that could not be read or written, after all the rest has been done */
export async function main(synced: object, documents: object): Promise<SyncReport> {
  const { problems, ...rest } = Synced.parse(synced)
  const { sent, unreadable } = Documents.parse(documents)
  const fields = rest.applied.fields ?? 0
  const message = [
    `${rest.written.length} files written`,
    `${fields} changes taken from files`,
    `${rest.conflicts.length} conflicts`,
    ...(sent > 0 ? [`${sent} documents sent`] : []),
  ].join(', ')
  if (problems.length === 0) {
    return { message, ...rest, unreadable: unreadable.map((it) => `${it.path}: ${it.message}`) }
  }
  const named = problems.slice(0, 20).map(({ path, line, column, message: why }) => {
    const at = line == null ? '' : `:${line}${column == null ? '' : `:${column}`}`
    return `${path}${at}: ${why}`
  })
  const more = problems.length > named.length ? `; and ${problems.length - named.length} more` : ''
  throw new Error(`${message}; left as they are: ${named.join('; ')}${more}`)
}
