import * as z from 'zod'
import { type Api, apiOf } from '../lib/api.ts'
import { DelegatingProject } from '../lib/delegation/answers.ts'
import type { Problem } from '../lib/delegation/beside.ts'
import {
  type DocumentText,
  knownDocuments,
  readDocuments,
  wantedDocuments,
} from '../lib/delegation/documents.ts'
import { documents, type Repository, withRepository } from '../lib/repository.ts'
import { literal } from '../lib/sparse.ts'

type CDevgodzillaApi = { base_url: string; token: string }
type CDevgodzillaGit = {
  credentials: { host: string; username: string; password: string }[]
}

/** Which texts for agents are others now. */
export interface SentDocuments {
  sent: number
  removed: number
  /** Documents that tasks refer to and that cannot be read. */
  unreadable: Problem[]
}

/** Of one request: at most so many documents, and so many characters unless one alone has more. */
const most = { documents: 200, length: 2_500_000 }

/** Sends the texts of specs' documents and of those that tasks refer to, where they changed. */
export async function main(
  api: CDevgodzillaApi,
  git: CDevgodzillaGit,
  project_id: number,
): Promise<SentDocuments> {
  const client = apiOf(api)
  const project = await client.get(`/projects/${project_id}`, DelegatingProject)
  const known = await knownDocuments(client, project_id)
  const paths = new Set([...known.keys(), ...(await wantedDocuments(client, project_id))])
  const sent: SentDocuments = { sent: 0, removed: 0, unreadable: [] }
  if (paths.size === 0) return sent
  const use = async (repository: Repository) => {
    const commit = repository.kind === 'clone' ? repository.commit : null
    const { changed, problems } = await readDocuments(repository, paths, known)
    sent.unreadable = problems
    for (const batch of batches(changed)) await send(client, project_id, batch, commit, sent)
  }
  const named = [...paths].filter((path) => !path.includes('\n')).map((path) => `/${literal(path)}`)
  await withRepository(project, git, use, undefined, undefined, [...documents, ...named])
  return sent
}

const Stored = z.looseObject({ stored: z.array(z.string()), removed: z.array(z.string()) })

async function send(
  client: Api,
  project_id: number,
  batch: readonly DocumentText[],
  commit_sha: string | null,
  sent: SentDocuments,
): Promise<void> {
  const body = { documents: batch.map((it) => ({ ...it, commit_sha })) }
  const { stored, removed } = await client.put(`/projects/${project_id}/documents`, body, Stored)
  sent.sent += stored.length
  sent.removed += removed.length
}

function* batches(all: readonly DocumentText[]): Generator<DocumentText[]> {
  let batch: DocumentText[] = []
  let length = 0
  for (const it of all) {
    const own = it.text?.length ?? 0
    if (batch.length > 0 && (batch.length === most.documents || length + own > most.length)) {
      yield batch
      ;[batch, length] = [[], 0]
    }
    batch.push(it)
    length += own
  }
  if (batch.length > 0) yield batch
}
