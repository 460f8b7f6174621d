import { stat } from 'node:fs/promises'
import * as z from 'zod'
import type { Api } from '../api.ts'
import { message } from '../files.ts'
import { specsOf } from '../newest_tasks.ts'
import { itemsOf } from '../pages.ts'
import { documents, type Repository } from '../repository.ts'
import { confined, readFile, sha256 } from '../spec_files.ts'
import { type Problem, Unusable } from './beside.ts'
import { textOf } from './plain_file.ts'

/** A text that agents are given to read; null: there is no such file any more. */
export interface DocumentText {
  path: string
  text: string | null
}

const Known = z.looseObject({ path: z.string(), sha256: z.string() })

/** The documents that the API has, by path, each with the hash of its text. */
export async function knownDocuments(api: Api, project_id: number): Promise<Map<string, string>> {
  const known = new Map<string, string>()
  for await (const { path, sha256 } of itemsOf(api, `/projects/${project_id}/documents`, Known)) {
    known.set(path, sha256)
  }
  return known
}

const Referred = z.looseObject({ items: z.array(z.string()) })

/** Paths of the documents of specs, and of those that tasks of open sprints refer to. */
export async function wantedDocuments(api: Api, project_id: number): Promise<Set<string>> {
  const path = `/projects/${project_id}/documents/referred`
  const wanted = new Set((await api.get(path, Referred)).items)
  for (const spec of await specsOf(api, project_id)) {
    if (spec.status !== 'archived') for (const name of documents) wanted.add(`${spec.path}/${name}`)
  }
  return wanted
}

/** In UTF-16 units, what the API takes; a file of that many bytes cannot be longer. */
const largest = 2_000_000

/** Reads documents that differ from those known; what cannot be read is named. */
export async function readDocuments(
  { root }: Repository,
  paths: Iterable<string>,
  known: ReadonlyMap<string, string>,
): Promise<{ changed: DocumentText[]; problems: Problem[] }> {
  const changed: DocumentText[] = []
  const problems: Problem[] = []
  for (const path of paths) {
    try {
      const text = await readDocument(root, path)
      if (text === undefined) {
        if (known.has(path)) changed.push({ path, text: null })
        else if (!isDocument(path)) problems.push({ path, message: 'there is no such file' })
      } else if (sha256(text) !== known.get(path)) changed.push({ path, text })
    } catch (error) {
      problems.push({ path, message: message(error) })
    }
  }
  return { changed, problems }
}

/** A spec need not have all three. */
const isDocument = (path: string) => documents.some((name) => path.endsWith(`/${name}`))

const isWithin = (path: string) =>
  path.length <= 1000 &&
  !/[\\\p{Cc}]/u.test(path) &&
  path.split('/').every((part) => !['', '.', '..'].includes(part) && !/^\.git$/i.test(part))

async function readDocument(root: string, path: string): Promise<string | undefined> {
  if (!isWithin(path)) throw new Unusable('it is no path below the root of the repository')
  const real = await confined(root, path)
  if (real === undefined) return undefined
  const found = await stat(real)
  if (!found.isFile()) throw new Unusable('it is no file')
  if (found.size > largest) throw new Unusable(`it has ${found.size} bytes, more than ${largest}`)
  const bytes = await readFile(root, path)
  return bytes && textOf(bytes)
}
