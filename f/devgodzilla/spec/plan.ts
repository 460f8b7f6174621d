import { apiOf } from '../lib/api.ts'
import { requireDocument, type SpecStage } from '../lib/spec_documents.ts'

type CDevgodzillaApi = { base_url: string; token: string }
type CDevgodzillaGit = {
  credentials: { host: string; username: string; password: string }[]
}

/** The second of SpecKit's three steps: takes the plan.md that is in the repository. */
export async function main(
  api: CDevgodzillaApi,
  git: CDevgodzillaGit,
  project_id: number,
  spec_path: string,
): Promise<SpecStage> {
  return requireDocument(apiOf(api), git, project_id, 'plan.md', spec_path)
}
