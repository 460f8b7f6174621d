import { z } from 'zod'
import { Project, Spec } from '../lib/answers.ts'
import { apiOf } from '../lib/api.ts'
import { message } from '../lib/files.ts'
import { itemsOf } from '../lib/pages.ts'
import { withRepository } from '../lib/repository.ts'
import { readTasks } from '../lib/spec_files.ts'

type CDevgodzillaApi = { base_url: string; token: string }
type CDevgodzillaGit = {
  credentials: { host: string; username: string; password: string }[]
}

/** Every known spec of every project, told apart by what has become of its tasks.md. */
export interface ChangedSpecs {
  looked_at: number
  /** Their tasks.md is not the one that was imported last. */
  changed: { project_id: number; spec_path: string }[]
  /** Why something could not be read: one lost repository must not hide the others. */
  unreadable: string[]
}

const Followed = Project.extend({
  settings: z.looseObject({ sprint_integration: z.boolean().optional() }),
})

/** Compares what was imported with what is in the repositories; opens each repository once. */
export async function main(api: CDevgodzillaApi, git: CDevgodzillaGit): Promise<ChangedSpecs> {
  const client = apiOf(api)
  const found: ChangedSpecs = { looked_at: 0, changed: [], unreadable: [] }
  for await (const project of itemsOf(client, '/projects', Followed)) {
    const { id: project_id, slug, local_path, repo_url, settings } = project
    if (settings.sprint_integration === false || !(local_path || repo_url)) continue
    const specs: Spec[] = []
    for await (const spec of itemsOf(client, '/specs', Spec, { project_id })) specs.push(spec)
    if (specs.length === 0) continue
    found.looked_at += specs.length
    try {
      await withRepository(project, git, async (repository) => {
        for (const { path, content_hash } of specs) {
          try {
            const file = await readTasks(repository, path)
            // A spec that is gone keeps its tasks: somebody has to decide about them.
            if (!file || file.content_hash === content_hash) continue
            found.changed.push({ project_id, spec_path: path })
          } catch (error) {
            found.unreadable.push(`${slug}, ${path}: ${message(error)}`)
          }
        }
      })
    } catch (error) {
      found.unreadable.push(`${slug}: ${message(error)}`)
    }
  }
  return found
}
