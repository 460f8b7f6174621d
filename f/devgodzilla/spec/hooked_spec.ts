import * as z from 'zod'
import { Project } from '../lib/answers.ts'
import { apiOf } from '../lib/api.ts'
import { specAt } from '../lib/newest_tasks.ts'
import { itemsOf } from '../lib/pages.ts'
import { folderPath } from '../lib/spec_files.ts'

type CDevgodzillaApi = { base_url: string; token: string }

/** What a hook is about: a spec to read again, or nothing, and why. */
export interface HookedSpec {
  project_id: number | null
  spec_path: string | null
  says: string
}

const Followed = Project.extend({
  settings: z.looseObject({ sprint_integration: z.boolean().optional() }),
})
const Ready = z.object({ sprint_integration: z.boolean().default(true) })

/** @throws when there is no such project, or the hook names no path in a repository */
export async function main(
  api: CDevgodzillaApi,
  project: string,
  file?: string,
  spec_path?: string,
): Promise<HookedSpec> {
  const ignored = (says: string) => ({ project_id: null, spec_path: null, says })
  if (file && !/(^|[/\\])(spec|plan|tasks)\.md$/.test(file)) {
    return ignored('only a changed spec.md, plan.md or tasks.md has something to say')
  }
  const path = file || spec_path
  if (!path) throw new Error('the hook names neither a file nor a spec_path')
  const client = apiOf(api)
  for await (const { id, settings } of itemsOf(client, '/projects', Followed, { slug: project })) {
    const { sprint_integration } = await client.get('/ready', Ready)
    if (!sprint_integration || settings.sprint_integration === false) {
      return ignored(`the sprint integration of ${project} is off`)
    }
    // Of a spec that has no tasks yet, the others are somebody's work under way.
    if (file && !/tasks\.md$/.test(file) && !(await specAt(client, id, file))?.content_hash) {
      return ignored('its tasks.md has not been read yet')
    }
    return { project_id: id, spec_path: folderPath(path), says: 'its tasks.md is read again' }
  }
  throw new Error(`there is no project ${project}: "devgodzilla speckit install" makes it known`)
}
