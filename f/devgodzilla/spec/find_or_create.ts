import { Spec } from '../lib/answers.ts'
import { type Api, apiOf } from '../lib/api.ts'
import { ApiRefused } from '../lib/api_errors.ts'
import { itemsOf } from '../lib/pages.ts'
import { folderPath } from '../lib/spec_files.ts'

type CDevgodzillaApi = { base_url: string; token: string }

/** The spec of a feature folder, made when the API does not know the folder yet. */
export async function main(
  api: CDevgodzillaApi,
  project_id: number,
  spec_path: string,
): Promise<Spec> {
  const client = apiOf(api)
  const path = folderPath(spec_path)
  const known = await find(client, project_id, path)
  if (known) return known
  try {
    return await client.post('/specs', { project_id, path }, Spec)
  } catch (error) {
    if (!(error instanceof ApiRefused) || error.status !== 409) throw error
    // Another run was faster by a moment; if it was not that, the refusal stands.
    const made = await find(client, project_id, path)
    if (!made) throw error
    return made
  }
}

async function find(client: Api, project_id: number, path: string): Promise<Spec | undefined> {
  for await (const spec of itemsOf(client, '/specs', Spec, { project_id })) {
    if (spec.path === path) return spec
  }
  return undefined
}
