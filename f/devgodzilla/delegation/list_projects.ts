import { apiOf } from '../lib/api.ts'
import { DelegatingProject } from '../lib/delegation/answers.ts'
import { itemsOf } from '../lib/pages.ts'

type CDevgodzillaApi = { base_url: string; token: string }

/** Projects that keep files beside the database, in a repository that they have. */
export interface DelegatingProjects {
  projects: { project_id: number; slug: string }[]
}

export async function main(api: CDevgodzillaApi): Promise<DelegatingProjects> {
  const projects: DelegatingProjects['projects'] = []
  for await (const project of itemsOf(apiOf(api), '/projects', DelegatingProject)) {
    const { id, slug, local_path, repo_url, settings } = project
    if (settings.delegation === 'off' || !(local_path || repo_url)) continue
    projects.push({ project_id: id, slug })
  }
  return { projects }
}
