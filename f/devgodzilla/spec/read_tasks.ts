import { apiOf } from '../lib/api.ts'
import { followMoves } from '../lib/follow_moves.ts'
import { type CountedTasks, specsOf } from '../lib/newest_tasks.ts'
import { withFilesOf } from '../lib/project_files.ts'
import { folderPath, readTasks } from '../lib/spec_files.ts'

type CDevgodzillaApi = { base_url: string; token: string }
type CDevgodzillaGit = {
  credentials: { host: string; username: string; password: string }[]
}

/**
 * Reads a spec's tasks.md as it is now, also where its folder moved; null when the repository has
 * none (any more).
 * @throws where it may have moved to several places
 */
export async function main(
  api: CDevgodzillaApi,
  git: CDevgodzillaGit,
  project_id: number,
  spec_path: string,
): Promise<CountedTasks | null> {
  const client = apiOf(api)
  const specs = await specsOf(client, project_id)
  const path = folderPath(spec_path)
  const imports = specs.find((spec) => spec.path === path)?.imports ?? 0
  return withFilesOf(client, git, project_id, async (repository) => {
    const file = await readTasks(repository, spec_path)
    if (file) return { ...file, imports }
    const { moved, unclear } = await followMoves(client, repository, specs)
    const undecided = unclear.find(({ from }) => from === path)
    if (undecided) throw new Error(undecided.message)
    const here = moved.find(({ from }) => from === path)
    const there = here && (await readTasks(repository, here.to))
    return there ? { ...there, imports } : null
  })
}
