import { apiOf } from '../lib/api.ts'
import { requireDocument, type SpecStage } from '../lib/spec_documents.ts'

type CDevgodzillaApi = { base_url: string; token: string }
type CDevgodzillaGit = {
  credentials: { host: string; username: string; password: string }[]
}

/** The first of SpecKit's three steps: takes the spec.md that is in the repository. */
export async function main(
  api: CDevgodzillaApi,
  git: CDevgodzillaGit,
  project_id: number,
  feature_request?: string,
  spec_path?: string,
): Promise<SpecStage> {
  const stage = await requireDocument(apiOf(api), git, project_id, 'spec.md', spec_path)
  if (!feature_request) return stage
  const note = `feature_request was not worked on: ${stage.spec_path} was taken as it is in the repository`
  return { ...stage, notes: [...stage.notes, note] }
}
