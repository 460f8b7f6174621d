import { apiOf } from '../lib/api.ts'
import type { SpecStage } from '../lib/draft/documents.ts'
import { writeDocument } from '../lib/draft/write_document.ts'

type CDevgodzillaApi = { base_url: string; token: string }
type CDevgodzillaGit = {
  credentials: { host: string; username: string; password: string }[]
}
type CDevgodzillaAgent = { kind: 'builtin' | 'claude' | 'codex' | 'command' }

/** The first of SpecKit's three steps: takes the spec.md that is there, else has it written. */
export async function main(
  api: CDevgodzillaApi,
  git: CDevgodzillaGit,
  agent: CDevgodzillaAgent,
  project_id: number,
  spec_path: string,
  feature_request?: string,
  protocol_id?: number,
): Promise<SpecStage> {
  return writeDocument({
    ...{ api: apiOf(api), git, agent, project_id, spec_path, protocol_id },
    document: 'spec.md',
    request: feature_request,
  })
}
