import { call } from '../../connect/client.ts'
import { CliError, type Target } from '../../connect/target.ts'

/**
 * The project that is not named: that of the session, else the only one there is.
 * @throws CliError naming some, where there are several or none
 */
export async function impliedProject(target: Target, session: string | undefined): Promise<number> {
  const read = (path: string) => call(target, { method: 'GET', path })
  if (session) {
    const { project_id } = (await read(`/sessions/${encodeURIComponent(session)}`)) as Of
    return project_id
  }
  const { items, next_cursor } = (await read('/projects?limit=5')) as Projects
  const [only] = items
  if (only && items.length === 1) return only.id
  throw new CliError(
    only
      ? `Say which project: ${items.map((it) => it.slug).join(', ')}${next_cursor === null ? '' : ', …'}.`
      : 'There is no project yet; create one first.',
  )
}

interface Of {
  project_id: number
}
interface Projects {
  items: { id: number; slug: string }[]
  next_cursor: string | null
}
