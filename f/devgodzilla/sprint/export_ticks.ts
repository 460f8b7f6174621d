import { ExportedTasks, ImportReport, Sprint } from '../lib/answers.ts'
import { type Api, apiOf } from '../lib/api.ts'
import type { GitResource } from '../lib/git.ts'
import { showProgress } from '../lib/progress.ts'
import { readExistingTasks, withFilesOf } from '../lib/project_files.ts'
import type { Repository } from '../lib/repository.ts'
import { tasksPath } from '../lib/spec_files.ts'
import { FileChanged, type Written, writeBack } from '../lib/write_back.ts'

type CDevgodzillaApi = { base_url: string; token: string }
type CDevgodzillaGit = {
  credentials: { host: string; username: string; password: string }[]
}

/** The tasks.md files of a sprint, and what became of each. */
export interface ExportedTicks {
  files: {
    spec_path: string
    /** Ids whose mark differs from the text last imported. */
    changed: string[]
    unpatchable: { external_id: string; reason: string }[]
    state: Written | 'nothing to tick' | 'never had a tasks.md'
  }[]
}

type ExportedFile = ExportedTasks['files'][number]
/** A file can be edited again while its edit is imported; nobody types this fast for long. */
const attempts = 3

/** Puts the ticks of a sprint's done tasks into its tasks.md files, and changes no other byte. */
export async function main(
  api: CDevgodzillaApi,
  git: CDevgodzillaGit,
  sprint_id: number,
): Promise<ExportedTicks> {
  const client = apiOf(api)
  const sprint = await client.get(`/sprints/${sprint_id}`, Sprint)
  for (let attempt = 1; ; attempt++) {
    const { files } = await client.ask(
      `/sprints/${sprint_id}/actions/export-tasks`,
      {},
      ExportedTasks,
    )
    try {
      return { files: await write(client, git, sprint, files) }
    } catch (error) {
      if (!(error instanceof FileChanged) || attempt === attempts) throw error
      console.log(`${error.path} was edited meanwhile: importing it again`)
      await importAgain(client, git, sprint, files, error.path)
    }
    await showProgress(attempt, attempts + 1)
  }
}

async function write(
  client: Api,
  git: GitResource,
  sprint: Sprint,
  files: ExportedFile[],
): Promise<ExportedTicks['files']> {
  const changes = files.flatMap(({ spec_path, content, base_hash, changed }) =>
    base_hash === null || changed.length === 0
      ? []
      : [{ path: tasksPath(spec_path), content, base_hash }],
  )
  const save = (repository: Repository) =>
    writeBack(repository, changes, `Tick the done tasks of sprint ${sprint.code}`)
  const states = changes.length > 0 ? await withFilesOf(client, git, sprint.project_id, save) : []
  const written = new Map(changes.map(({ path }, at) => [path, states[at]]))
  return files.map(({ spec_path, changed, unpatchable, base_hash }) => {
    const path = tasksPath(spec_path)
    const untouched = base_hash === null ? 'never had a tasks.md' : 'nothing to tick'
    return { spec_path: path, changed, unpatchable, state: written.get(path) ?? untouched }
  })
}

async function importAgain(
  client: Api,
  git: GitResource,
  sprint: Sprint,
  files: ExportedFile[],
  path: string,
): Promise<void> {
  const spec = files.find(({ spec_path }) => tasksPath(spec_path) === path)?.spec_id
  if (spec == null) throw new Error(`${path} was edited, and belongs to no spec to import it into`)
  const { content, commit } = await withFilesOf(client, git, sprint.project_id, (repository) =>
    readExistingTasks(repository, path),
  )
  const body = { content, commit: commit ?? undefined }
  await client.post(`/specs/${spec}/actions/import-tasks`, body, ImportReport)
}
