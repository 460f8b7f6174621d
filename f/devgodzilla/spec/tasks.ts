import { apiOf } from '../lib/api.ts'
import { writeDocument } from '../lib/draft/write_document.ts'
import { type CountedTasks, readNewestTasks } from '../lib/newest_tasks.ts'

type CDevgodzillaApi = { base_url: string; token: string }
type CDevgodzillaGit = {
  credentials: { host: string; username: string; password: string }[]
}
type CDevgodzillaAgent = { kind: 'builtin' | 'claude' | 'codex' | 'command' }

/** The last of SpecKit's three steps: takes the tasks.md that is there, else has it written. */
export async function main(
  api: CDevgodzillaApi,
  git: CDevgodzillaGit,
  agent: CDevgodzillaAgent,
  project_id: number,
  spec_path: string,
  feature_request?: string,
  protocol_id?: number,
): Promise<CountedTasks> {
  const client = apiOf(api)
  await writeDocument({
    ...{ api: client, git, agent, project_id, spec_path, protocol_id },
    document: 'tasks.md',
    request: feature_request,
  })
  return readNewestTasks(client, git, project_id, spec_path)
}
