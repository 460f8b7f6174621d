import * as z from 'zod'

/** What a look at the files of all projects came to. */
export interface ReconcileReport {
  message: string
  /** What each project's sync said. */
  synced: Record<string, string>
}

const Found = z.object({ projects: z.array(z.object({ slug: z.string() })) })
const Failed = z.object({ error: z.looseObject({ message: z.string() }) })
const Synced = z.looseObject({ message: z.string() })

/**
 * @param results of `sync_delegation`, in the order of the projects
 * @throws naming what went wrong, after all the rest has been synced
 */
export async function main(found: object, results: object[]): Promise<ReconcileReport> {
  const { projects } = Found.parse(found)
  const synced: Record<string, string> = {}
  const wrong: string[] = []
  for (const [index, { slug }] of projects.entries()) {
    const failed = Failed.safeParse(results[index])
    if (failed.success) wrong.push(`${slug}: ${failed.data.error.message}`)
    // Switched off meanwhile, it has no report.
    else synced[slug] = Synced.safeParse(results[index]).data?.message ?? 'off'
  }
  const message = `${projects.length} projects looked at, ${projects.length - wrong.length} synced`
  if (wrong.length > 0) throw new Error(`${message}; went wrong: ${wrong.join('; ')}`)
  return { message, synced }
}
