import { apiOf } from '../lib/api.ts'
import { DelegatingProject, DelegationCheck } from '../lib/delegation/answers.ts'
import { besideDatabase } from '../lib/delegation/beside.ts'
import { readDelegation } from '../lib/delegation/read_files.ts'
import { type Repository, withRepository } from '../lib/repository.ts'

type CDevgodzillaApi = { base_url: string; token: string }
type CDevgodzillaGit = {
  credentials: { host: string; username: string; password: string }[]
}

/** Says where the files beside the database and the database differ; changes neither. */
export async function main(
  api: CDevgodzillaApi,
  git: CDevgodzillaGit,
  project_id: number,
): Promise<DelegationCheck> {
  const client = apiOf(api, { timeout: 300_000 })
  const project = await client.get(`/projects/${project_id}`, DelegatingProject)
  const read = ({ root }: Repository) => readDelegation(root)
  const { problems, ...files } = await withRepository(
    ...([project, git, read, undefined, undefined, besideDatabase] as const),
  )
  const path = `/projects/${project_id}/delegation/check`
  const checked = await client.ask(path, files, DelegationCheck)
  const all = [...problems, ...checked.problems]
  return { ...checked, agrees: checked.agrees && all.length === 0, problems: all }
}
