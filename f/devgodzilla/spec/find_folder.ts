import { agentName } from '../lib/agent/run.ts'
import { ProtocolRun } from '../lib/answers.ts'
import { type Api, apiOf } from '../lib/api.ts'
import { newestFolder } from '../lib/draft/documents.ts'
import { folderOf, markOf, nextFolder } from '../lib/draft/feature_folder.ts'
import { titleOf, wishesOf } from '../lib/draft/request_stories.ts'
import { stepOf } from '../lib/draft/write_document.ts'
import { currentJob } from '../lib/job.ts'
import { withFilesOf } from '../lib/project_files.ts'
import type { Repository } from '../lib/repository.ts'
import {
  documents,
  documentsIn,
  folderPath,
  readFile,
  type SpecDocument,
} from '../lib/spec_files.ts'

type CDevgodzillaApi = { base_url: string; token: string }
type CDevgodzillaGit = {
  credentials: { host: string; username: string; password: string }[]
}
type CDevgodzillaAgent = { kind: 'builtin' | 'claude' | 'codex' | 'command' }

export interface FoundFolder {
  /** The feature folder, relative to the repository; for a new request, the one to be made. */
  spec_path: string
  /** The run in which the documents that are missing are written; null where none is. */
  protocol_id: number | null
  notes: string[]
}

/**
 * Finds the feature folder that is meant: the one given, the one made from the same request, a new
 * one for a new request, else the newest. Where the request asks for documents, a run is made for
 * writing them.
 */
export async function main(
  api: CDevgodzillaApi,
  git: CDevgodzillaGit,
  agent: CDevgodzillaAgent,
  project_id: number,
  feature_request?: string,
  spec_path?: string,
): Promise<FoundFolder> {
  const client = apiOf(api)
  const request = feature_request?.trim() ?? ''
  return withFilesOf(client, git, project_id, async (repository) => {
    if (request === '') {
      const known = spec_path ? folderPath(spec_path) : await newestFolder(repository)
      return { spec_path: known, protocol_id: null, notes: [] }
    }
    const [wish] = wishesOf(request)
    if (!wish) throw new Error('feature_request has no words in it: say what the feature should do')
    const folder = spec_path
      ? specsFolder(spec_path)
      : ((await folderOf(repository, request)) ?? (await nextFolder(repository, request)))
    const files = await documentsIn(repository, folder)
    const missing = documents.filter((_, at) =>
      documents.slice(at).every((name) => !files.includes(name)),
    )
    const others = files.length > 0 && !(await isOf(repository, folder, request))
    return {
      spec_path: folder,
      protocol_id:
        missing.length > 0
          ? await planningRun(client, project_id, wish, missing, agentName(agent))
          : null,
      notes: others
        ? [`${folder} holds ${files.join(', ')} from before this request: taken as they are`]
        : [],
    }
  })
}

async function isOf(repository: Repository, folder: string, request: string): Promise<boolean> {
  const spec = await readFile(repository.root, `${folder}/spec.md`)
  return spec?.toString('utf8').includes(markOf(request)) ?? false
}

/** A folder for documents has to be where SpecKit, and the import, look for them. */
function specsFolder(path: string): string {
  const folder = folderPath(path)
  if (/(^|\/)specs\/(.+\/)?[^/]+$/.test(folder)) return folder
  throw new Error(
    `spec_path ${JSON.stringify(path)} must be a folder below specs/, such as specs/001-name`,
  )
}

async function planningRun(
  client: Api,
  project_id: number,
  wish: string,
  missing: SpecDocument[],
  agent: string,
): Promise<number> {
  const steps = missing.map((document, at) => {
    const before = missing[at - 1]
    return {
      ...{ step_name: stepOf[document], step_type: stepOf[document], agent },
      depends_on: before ? [stepOf[before]] : [],
    }
  })
  const protocol_name = `Plan: ${titleOf(wish)}`
  const run = await client.post(
    '/protocols',
    { project_id, protocol_name, kind: 'planning', steps },
    ProtocolRun,
  )
  await client.patch(`/protocols/${run.id}`, { flow_job_id: currentJob().root }, ProtocolRun)
  return run.id
}
