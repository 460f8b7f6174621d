import { type ImportReport, Spec } from './answers.ts'
import type { Api } from './api.ts'
import { ApiRefused } from './api_errors.ts'
import { followMoves } from './follow_moves.ts'
import type { GitResource } from './git.ts'
import { itemsOf } from './pages.ts'
import { readExistingTasks, withFilesOf } from './project_files.ts'
import type { Repository } from './repository.ts'
import { folderPath, type TasksFile } from './spec_files.ts'

/** A tasks.md, and how many imports its spec had taken before the file was read. */
export interface CountedTasks extends TasksFile {
  imports: number
}

/** The spec at a path. Asked before a file is read: an import with its number follows no newer one. */
export async function specAt(
  api: Api,
  project_id: number,
  specPath: string,
): Promise<Spec | undefined> {
  const path = folderPath(specPath)
  for await (const spec of itemsOf(api, '/specs', Spec, { project_id, path })) return spec
  return undefined
}

/**
 * Reads a tasks.md that has to be there. Where the path is new, the spec that moved to it is told
 * to the API first.
 * @param ref a branch, a tag or a commit's full hash; without it, the project as it is now
 * @throws when there is no such tasks.md, naming the ones that are
 */
export async function readNewestTasks(
  api: Api,
  git: GitResource,
  projectId: number,
  specPath: string,
  ref?: string | null,
): Promise<CountedTasks> {
  const known = await specAt(api, projectId, specPath)
  // Where specs are is told by the project itself, not by a ref of it.
  const others = known || ref ? [] : await specsOf(api, projectId)
  const read = async (repository: Repository) => {
    const file = await readExistingTasks(repository, specPath)
    const { moved, unclear } = await followMoves(api, repository, others)
    for (const { message } of unclear) console.warn(message)
    const here = moved.find(({ to }) => to === folderPath(specPath))
    const spec = known ?? others.find(({ id }) => id === here?.spec_id)
    return { ...file, imports: spec?.imports ?? 0 }
  }
  return withFilesOf(api, git, projectId, read, ref)
}

export async function specsOf(api: Api, project_id: number): Promise<Spec[]> {
  const specs: Spec[] = []
  for await (const spec of itemsOf(api, '/specs', Spec, { project_id })) specs.push(spec)
  return specs
}

/** What an import is made from. */
export interface ImportSource {
  content: string
  commit?: string | undefined
  expected_imports?: number | undefined
}

/** More than can overtake each other by chance: hooks of one spec wait for each other. */
const mostReadings = 10

/**
 * Imports a file; where another import came between, which may have been of a newer file, reads it
 * again and imports that.
 */
export async function importNewest(
  first: ImportSource,
  send: (source: ImportSource) => Promise<ImportReport>,
  readAgain: () => Promise<CountedTasks>,
): Promise<ImportReport> {
  let source = first
  for (let readings = 1; ; readings += 1) {
    try {
      return await send(source)
    } catch (error) {
      const overtaken = error instanceof ApiRefused && error.code === 'import_overtaken'
      if (!overtaken || readings === mostReadings) throw error
    }
    const { content, commit, imports } = await readAgain()
    source = { content, commit: commit ?? undefined, expected_imports: imports }
  }
}
