import { readFile } from 'node:fs/promises'
import { defaultDataDir } from '../postgres/data-dir.ts'
import { codeOf } from '../postgres/error.ts'
import { secretFile } from '../start/secrets.ts'

/** A refusal to show as it is: what was wrong, and the way out. */
export class CliError extends Error {
  override readonly name = 'CliError'
}

export interface Target {
  url: string
  token: string
  /** The setting that names another place, for whoever finds nothing at this one. */
  elsewhere?: string
}

/** The API to speak to: DEVGODZILLA_URL and _TOKEN, else the one on this machine. */
export async function apiTarget(env: NodeJS.ProcessEnv): Promise<Target> {
  return {
    url: env.DEVGODZILLA_URL || `http://127.0.0.1:${env.DEVGODZILLA_PORT || 8787}`,
    elsewhere: 'DEVGODZILLA_PORT or DEVGODZILLA_URL',
    token: env.DEVGODZILLA_TOKEN || (await localToken(env)),
  }
}

/** The Windmill to speak to: the server WINDMILL_BASE_URL names, else the local engine. */
export async function windmillTarget(env: NodeJS.ProcessEnv): Promise<Target> {
  return {
    url: env.WINDMILL_BASE_URL || `http://127.0.0.1:${env.DEVGODZILLA_WINDMILL_PORT || 8000}`,
    elsewhere: 'DEVGODZILLA_WINDMILL_PORT or WINDMILL_BASE_URL',
    token: env.WINDMILL_TOKEN || env.DEVGODZILLA_TOKEN || (await localToken(env)),
  }
}

async function localToken(env: NodeJS.ProcessEnv): Promise<string> {
  if (env.DEVGODZILLA_ADMIN_TOKEN) return env.DEVGODZILLA_ADMIN_TOKEN
  const file = secretFile(defaultDataDir(env, process.getuid?.()), 'admin-token')
  try {
    return (await readFile(file, 'utf8')).trim()
  } catch (error) {
    throw new CliError(
      `No token: ${file} cannot be read (${codeOf(error)}). Set DEVGODZILLA_TOKEN to a token that "devgodzilla token create" made.`,
      { cause: error },
    )
  }
}

interface Request {
  method: string
  path: string
  body?: unknown
  headers?: Record<string, string>
}

/** Calls an HTTP API that speaks JSON. @throws CliError with what it said, or that it is not there */
export async function call(target: Target, request: Request): Promise<unknown> {
  const { method, path, body, headers } = request
  const elsewhere = target.elsewhere ? ` If it is elsewhere, set ${target.elsewhere}.` : ''
  const response = await fetch(target.url + path, {
    method,
    headers: {
      Authorization: `Bearer ${target.token}`,
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      ...headers,
    },
    body: body === undefined ? null : JSON.stringify(body),
  }).catch((error: unknown) => {
    throw new CliError(
      `Nothing answers at ${target.url}. Is it running? "devgodzilla start" starts it.${elsewhere}`,
      { cause: error },
    )
  })
  const text = await response.text()
  const answer = isJson(response) ? JSON.parse(text) : text
  if (!response.ok) throw new CliError(refusalOf(answer, response.status))
  return answer
}

const isJson = (response: Response) =>
  response.headers.get('Content-Type')?.includes('json') ?? false

/** What a refusal said: a problem's detail, Windmill's error, or the text as it is. */
function refusalOf(answer: unknown, status: number): string {
  if (typeof answer === 'object' && answer !== null) {
    const { detail, error } = answer as { detail?: string; error?: { message?: string } }
    return detail ?? error?.message ?? JSON.stringify(answer)
  }
  return `${status}: ${String(answer)}`
}

/** Every item of a list, page by page. */
export async function allPages<T>(target: Target, path: string): Promise<T[]> {
  const items: T[] = []
  const separator = path.includes('?') ? '&' : '?'
  let cursor: string | null = null
  do {
    const from: string = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`
    const page = (await call(target, {
      method: 'GET',
      path: `${path}${separator}limit=1000${from}`,
    })) as { items: T[]; next_cursor: string | null }
    items.push(...page.items)
    cursor = page.next_cursor
  } while (cursor !== null)
  return items
}
