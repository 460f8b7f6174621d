import * as z from 'zod'
import { Project, type Spec } from '../lib/answers.ts'
import { type Api, apiOf } from '../lib/api.ts'
import { message } from '../lib/files.ts'
import { followMoves } from '../lib/follow_moves.ts'
import { specsOf } from '../lib/newest_tasks.ts'
import { itemsOf } from '../lib/pages.ts'
import { type Repository, withRepository } from '../lib/repository.ts'
import { listSpecs, readTasks } from '../lib/spec_files.ts'

type CDevgodzillaApi = { base_url: string; token: string }
type CDevgodzillaGit = {
  credentials: { host: string; username: string; password: string }[]
}

/** The specs of every project, known or not, told apart by what has become of their tasks.md. */
export interface ChangedSpecs {
  looked_at: number
  /** Their tasks.md is not the one that was imported last, or was never imported. */
  changed: { project_id: number; spec_path: string }[]
  /** Known ones without a tasks.md any more: their cards stay, somebody has to decide about them. */
  gone: { project_id: number; spec_path: string }[]
  /** Specs whose folder moved, as the API knows by now. */
  moved: { project_id: number; from: string; to: string }[]
  /** Why something could not be read: one lost repository must not hide the others. */
  unreadable: string[]
}

const Followed = Project.extend({
  settings: z.looseObject({ sprint_integration: z.boolean().optional() }),
})
const Ready = z.object({ sprint_integration: z.boolean().default(true) })

/** Compares what was imported with what is in the repositories; opens each repository once. */
export async function main(api: CDevgodzillaApi, git: CDevgodzillaGit): Promise<ChangedSpecs> {
  const client = apiOf(api)
  const found: ChangedSpecs = { looked_at: 0, changed: [], gone: [], moved: [], unreadable: [] }
  if (!(await client.get('/ready', Ready)).sprint_integration) return found
  for await (const project of itemsOf(client, '/projects', Followed)) {
    const { id, slug, local_path, repo_url, settings } = project
    if (settings.sprint_integration === false || !(local_path || repo_url)) continue
    const known = await specsOf(client, id)
    try {
      await withRepository(project, git, async (repository) => {
        const { specs, undecided } = await follow(client, repository, project, known, found)
        await compare(repository, project, specs, undecided, found)
      })
    } catch (error) {
      found.unreadable.push(`${slug}: ${message(error)}`)
    }
  }
  return found
}

/** The specs by where they are now, and new folders that may be one of them, or may not. */
async function follow(
  client: Api,
  repository: Repository,
  { id: project_id, slug }: Project,
  known: Spec[],
  found: ChangedSpecs,
) {
  const { moved, unclear } = await followMoves(client, repository, known)
  found.moved.push(...moved.map(({ from, to }) => ({ project_id, from, to })))
  found.unreadable.push(...unclear.map((it) => `${slug}: ${it.message}`))
  const now = new Map(moved.map(({ spec_id, to }) => [spec_id, to]))
  return {
    specs: new Map(known.map((spec) => [now.get(spec.id) ?? spec.path, spec])),
    undecided: new Set(unclear.flatMap(({ from, targets }) => [from, ...targets])),
  }
}

async function compare(
  repository: Repository,
  { id: project_id, slug }: Project,
  known: Map<string, Spec>,
  undecided: ReadonlySet<string>,
  found: ChangedSpecs,
): Promise<void> {
  const there = (await listSpecs(repository)).filter(({ files }) => files.includes('tasks.md'))
  for (const spec_path of new Set([...known.keys(), ...there.map(({ path }) => path)])) {
    const spec = known.get(spec_path)
    if (spec?.status === 'archived' || undecided.has(spec_path)) continue
    found.looked_at += 1
    try {
      const file = await readTasks(repository, spec_path)
      if (!file) {
        if (spec?.content_hash) found.gone.push({ project_id, spec_path })
      } else if (file.content_hash !== spec?.content_hash) {
        found.changed.push({ project_id, spec_path })
      }
    } catch (error) {
      found.unreadable.push(`${slug}, ${spec_path}: ${message(error)}`)
    }
  }
}
