import { type Api, apiOf } from '../lib/api.ts'
import { ApiRefused } from '../lib/api_errors.ts'
import {
  Confirmed,
  DelegatingProject,
  Delegation,
  DelegationSync,
} from '../lib/delegation/answers.ts'
import { besideDatabase, type Problem } from '../lib/delegation/beside.ts'
import { readDelegation } from '../lib/delegation/read_files.ts'
import { type WrittenFiles, writeFiles } from '../lib/delegation/write_files.ts'
import { type Repository, withRepository } from '../lib/repository.ts'
import { refuseUnfinished } from '../lib/unfinished.ts'
import { pushed } from '../lib/write_back.ts'

type CDevgodzillaApi = { base_url: string; token: string }
type CDevgodzillaGit = {
  credentials: { host: string; username: string; password: string }[]
}

/** What a sync of files and database came to. */
export interface SyncedFiles {
  /** `off`: the project keeps no files, so nothing was read. */
  mode: string
  /** Files written or removed just now, each with its hash; null: removed. */
  written: { path: string; sha256: string | null }[]
  /** What files changed in the database. */
  applied: Record<string, number>
  conflicts: { path: string; field: string }[]
  /** Files that were left as they are, with the reason. */
  problems: Problem[]
}

/** More than can come between by chance: flows that a change starts wait for each other. */
const attempts = 10

/**
 * Brings the files below delegation/ and docs/adr/ and the database together: reads the files, has
 * the API merge them, writes what it answers and says so. All in one step, since what is written
 * depends on what was read. Broken off anywhere and run again, it comes to the same.
 */
export async function main(
  api: CDevgodzillaApi,
  git: CDevgodzillaGit,
  project_id: number,
): Promise<SyncedFiles> {
  const client = apiOf(api, { timeout: 300_000 })
  const project = await client.get(`/projects/${project_id}`, DelegatingProject)
  const mode = project.settings.delegation
  const total: SyncedFiles = {
    mode,
    written: [],
    applied: {},
    conflicts: [],
    problems: [],
  }
  if (mode === 'off') return total
  const use = async (repository: Repository) => {
    for (let attempt = 1; ; attempt++) {
      const edited = await syncOnce(client, project_id, repository, total)
      if (edited?.length === 0) return
      if (attempt === attempts) throw overtaken(edited)
      console.log(`${edited?.join(', ') ?? 'another sync'} came between: reading again`)
    }
  }
  try {
    await withRepository(project, git, use, undefined, undefined, besideDatabase)
  } catch (error) {
    if (!(error instanceof ApiRefused && error.code === 'delegation_is_off')) throw error
    // Somebody has switched it off meanwhile: what is written by now stays, as it would have then.
    return { ...total, mode: 'off' }
  }
  return total
}

const overtaken = (edited: string[] | undefined) =>
  new Error(
    `${edited?.join(', ') || 'the files'} changed again and again while this was written: run the flow again`,
  )

/** @returns files that were edited meanwhile; undefined where another sync came between */
async function syncOnce(
  client: Api,
  project_id: number,
  repository: Repository,
  total: SyncedFiles,
): Promise<string[] | undefined> {
  const path = `/projects/${project_id}/delegation`
  // In the middle of a merge the files are of nobody yet.
  if (repository.kind === 'working tree') await refuseUnfinished(repository.root)
  // Asked before the files are read: a sync with its number follows no newer one.
  const { round } = await client.get(path, Delegation)
  const { problems, ...read } = await readDelegation(repository.root)
  let plan: DelegationSync
  try {
    plan = await client.ask(`${path}/sync`, { expected_round: round, ...read }, DelegationSync)
  } catch (error) {
    if (error instanceof ApiRefused && error.code === 'sync_overtaken') return undefined
    throw error
  }
  if (plan.overtaken) {
    addUp(total, plan, { files: [], changed: [], edited: [], problems: [] }, problems)
    return undefined
  }
  const skip = new Set(problems.map((it) => it.path))
  const done = await land(repository, plan, skip)
  addUp(total, plan, done, problems)
  for (let at = 0; at < done.files.length; at += confirmedAtOnce) {
    const files = done.files.slice(at, at + confirmedAtOnce)
    await client.ask(`${path}/confirm`, { files }, Confirmed)
  }
  return done.edited
}
/** Others wait for each confirmation: half a second. What no one confirms, the next sync finds out. */
const confirmedAtOnce = 5_000

async function land(
  repository: Repository,
  plan: DelegationSync,
  skip: ReadonlySet<string>,
): Promise<WrittenFiles> {
  const write = () => writeFiles(repository.root, plan, { skip })
  if (repository.kind === 'working tree') return write()
  const message = 'Sync delegation files with the board'
  return pushed(repository, write, ({ changed }) => changed.length > 0, message)
}

function addUp(
  total: SyncedFiles,
  plan: DelegationSync,
  done: WrittenFiles,
  unreadable: readonly Problem[],
): void {
  const changed = new Set(done.changed)
  total.written.push(...done.files.filter(({ path }) => changed.has(path)))
  for (const [what, count] of Object.entries(plan.applied)) {
    total.applied[what] = (total.applied[what] ?? 0) + count
  }
  total.conflicts = plan.conflicts.map(({ path, field }) => ({ path, field }))
  total.problems = [...unreadable, ...plan.problems, ...done.problems]
}
