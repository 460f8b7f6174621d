import * as z from 'zod'

/** What a look at all specs came to. */
export interface ReconcileReport {
  message: string
  looked_at: number
  imported: string[]
  /** Specs whose tasks.md is not in the repository any more; their cards stay. */
  gone: string[]
  /** Old path → new path of each spec that was followed. */
  moved: string[]
}

const Found = z.object({
  looked_at: z.number(),
  changed: z.array(z.object({ spec_path: z.string() })),
  gone: z.array(z.object({ spec_path: z.string() })).default([]),
  moved: z.array(z.object({ from: z.string(), to: z.string() })).default([]),
  unreadable: z.array(z.string()),
})
const Failed = z.object({ error: z.looseObject({ message: z.string() }) })

/**
 * @param results of `spec_to_tasks`, in the order of `changed`
 * @throws when anything went wrong, after all the rest has been brought up to date
 */
export async function main(found: object, results: object[]): Promise<ReconcileReport> {
  const { looked_at, changed, unreadable, ...rest } = Found.parse(found)
  const gone = rest.gone.map(({ spec_path }) => spec_path)
  const moved = rest.moved.map(({ from, to }) => `${from} → ${to}`)
  const imported: string[] = []
  const wrong = [...unreadable]
  for (const [index, { spec_path }] of changed.entries()) {
    const failed = Failed.safeParse(results[index])
    if (failed.success) wrong.push(`${spec_path}: ${failed.data.error.message}`)
    else imported.push(spec_path)
  }
  const message = [
    `${looked_at} specs looked at, ${imported.length} imported`,
    ...(moved.length > 0 ? [`moved: ${moved.join(', ')}`] : []),
    ...(gone.length > 0 ? [`gone: ${gone.join(', ')}`] : []),
  ].join(', ')
  if (wrong.length > 0) throw new Error(`${message}; went wrong: ${wrong.join('; ')}`)
  return { message, looked_at, imported, moved, gone }
}
