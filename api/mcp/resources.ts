import {
  type CompleteRequestParams,
  type CompleteResult,
  ProtocolError,
  type ReadResourceResult,
  type Resource,
  type ResourceTemplateType,
} from '@modelcontextprotocol/server'
import { addressed } from '../core/addresses.ts'
import { readInput } from '../services/read-input.ts'
import type { Asker } from '../services/runtime.ts'
import { authorise } from '../services/runtime.ts'
import { codesBeginning } from '../store/codes.ts'
import { answered } from './answer.ts'
import type { Floor } from './floor.ts'
import { invalidParams } from './refusal.ts'

type Fields = Record<string, unknown>

export const resourceTemplates: ResourceTemplateType[] = [
  {
    name: 'sprint',
    title: 'Sprint',
    uriTemplate: 'devgodzilla://sprint/{code}',
    description: 'A sprint with its points and its tasks',
    mimeType: 'application/json',
  },
  {
    name: 'task',
    title: 'Task',
    uriTemplate: 'devgodzilla://task/{code}',
    description: 'A task with what it is for, what it leaves, and what it waits for',
    mimeType: 'application/json',
  },
  {
    name: 'document',
    title: 'Document',
    uriTemplate: 'devgodzilla://document/{project}/{+path}',
    description: 'A document of a project, such as a spec.md or a plan.md',
    mimeType: 'text/markdown',
  },
]

/** The sprints that are open, newest first: what somebody would want to put before a model. */
export async function sprintsAsResources(
  floor: Floor,
  asker: Asker,
): Promise<{ resources: Resource[] }> {
  await asker.spend()
  const { items } = (await read(floor, asker, 'sprint.list', {
    query: { status: 'active', limit: '100' },
  })) as { items: { code: string; name: string; goal: string | null }[] }
  return {
    resources: items.map(({ code, name, goal }) => ({
      uri: `devgodzilla://sprint/${encodeURIComponent(code)}`,
      name: code,
      title: name,
      ...(goal ? { description: goal.slice(0, 300).toWellFormed() } : {}),
      mimeType: 'application/json',
    })),
  }
}

/** @throws ProtocolError for what is no address of ours, or of nothing there is */
export async function readResource(
  floor: Floor,
  asker: Asker,
  uri: string,
): Promise<ReadResourceResult> {
  const [, kind, rest = ''] = /^devgodzilla:\/\/(sprint|task|document)\/(.+)$/.exec(uri) ?? []
  await asker.spend()
  if (kind === 'document') return { contents: [await document(floor, asker, uri, rest)] }
  const code = decoded(rest)
  const made =
    kind === 'sprint'
      ? await sprint(floor, asker, code)
      : kind === 'task'
        ? await task(floor, asker, code)
        : null
  if (made) {
    const text = JSON.stringify(made, null, 1)
    return { contents: [{ uri, mimeType: 'application/json', text }] }
  }
  const known = resourceTemplates.map((it) => it.uriTemplate).join(', ')
  throw new ProtocolError(invalidParams, `There is no resource ${uri}; there are ${known}.`)
}

async function sprint(floor: Floor, asker: Asker, code: string): Promise<Fields> {
  const params = { sprint_id: code }
  const [found, velocity, tasks] = await Promise.all([
    read(floor, asker, 'sprint.get', { params }),
    read(floor, asker, 'sprint.velocity', { params }),
    small(floor, asker, 'task.list', { query: { sprint_id: code, limit: '100' } }),
  ])
  return { ...(found as Fields), velocity, tasks }
}

async function task(floor: Floor, asker: Asker, code: string): Promise<Fields> {
  const params = { task_id: code }
  const [found, dependencies] = await Promise.all([
    read(floor, asker, 'task.get', { params }),
    small(floor, asker, 'task.dependencies', { params }),
  ])
  return { ...(found as Fields), dependencies }
}

async function document(floor: Floor, asker: Asker, uri: string, rest: string) {
  const [project = '', ...path] = rest.split('/')
  const { items } = (await read(floor, asker, 'document.list', {
    params: { project_id: decoded(project) },
    query: { path: decoded(path.join('/')) },
  })) as { items: { id: number }[] }
  const [listed] = items
  if (!listed) throw new ProtocolError(invalidParams, `There is no document ${uri}.`)
  const found = (await read(floor, asker, 'document.get', {
    params: { document_id: listed.id },
    query: { length: largestText },
  })) as { text: string }
  return { uri, mimeType: 'text/markdown', text: found.text }
}

/** As much of a document as there can be (characters). */
const largestText = 2_000_000

interface Asked {
  params?: Fields
  query?: Fields
}

async function read(floor: Floor, asker: Asker, name: string, asked: Asked): Promise<unknown> {
  const verb = floor.verbs.find(({ command }) => command.name === name)
  if (!verb) throw new Error(`nothing carries out ${name}`)
  authorise(verb.command, asker.caller)
  const raw = { params: asked.params ?? {}, query: asked.query ?? {}, body: {} }
  const input = await readInput(floor.runtime.db, verb.command, raw)
  return (await verb.run(floor.runtime, asker.caller, input as never)).output
}

/** The same as a tool answers it. */
async function small(floor: Floor, asker: Asker, name: string, asked: Asked): Promise<unknown> {
  const verb = floor.verbs.find(({ command }) => command.name === name)
  const output = await read(floor, asker, name, asked)
  return verb ? answered(verb.command, output).structuredContent : output
}

/** Codes and slugs that begin with what was typed so far. */
export async function completed(
  floor: Floor,
  asker: Asker,
  { ref, argument }: CompleteRequestParams,
): Promise<CompleteResult> {
  await asker.spend()
  const template = resourceTemplates.find((it) => 'uri' in ref && it.uriTemplate === ref.uri)
  const field = argument.name === 'code' ? `${template?.name}_id` : `${argument.name}_id`
  const of = template && Object.hasOwn(addressed, field) ? addressed[field] : undefined
  // Text has no NUL in the database, and so nothing begins with one.
  const found = of && !argument.value.includes('\0')
  const values = found ? await codesBeginning(floor.runtime.db, of, argument.value, most + 1) : []
  asker.log.debug({ ref, found: values.length }, 'completed')
  return { completion: { values: values.slice(0, most), hasMore: values.length > most } }
}
/** As many as the protocol allows. */
const most = 100

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch (error) {
    throw new ProtocolError(invalidParams, `The address has a broken escape: ${text}`, {
      cause: String(error),
    })
  }
}
