import { DeployError } from './deploy-error.ts'
import type { DeploySettings } from './settings.ts'

export type Method = 'GET' | 'POST' | 'DELETE'

/** Windmill's HTTP interface. Paths are below `/api`; `w/` stands for the workspace. */
export interface Server {
  /** The JSON answered, or undefined on 404. */
  find(path: string): Promise<unknown>
  /** The text answered. @throws DeployError on anything else than 2xx */
  send(method: Method, path: string, body?: unknown): Promise<string>
  /** The status and text answered, whatever they are. */
  ask(method: Method, path: string, body?: unknown): Promise<Answer>
}

export interface Answer {
  status: number
  text: string
}

const timeout = 60_000

/** @throws DeployError, from every call, when the server cannot be reached or sends one elsewhere */
export function serverOf({ baseUrl, token, workspace }: DeploySettings): Server {
  const ask: Server['ask'] = async (method, path, body) => {
    const url = `${baseUrl}/api/${path.replace(/^w\//, `w/${workspace}/`)}`
    const response = await fetch(url, {
      method,
      // A redirect would carry the token to wherever it points.
      redirect: 'manual',
      signal: AbortSignal.timeout(timeout),
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      body: body === undefined ? null : JSON.stringify(body),
    }).catch((error: unknown) => {
      throw unreachable(baseUrl, error)
    })
    if (response.status >= 300 && response.status < 400) {
      throw new DeployError(
        `${baseUrl} sends elsewhere (${response.status}, to ${response.headers.get('location')}): ` +
          'set WINDMILL_BASE_URL to where Windmill itself answers.',
      )
    }
    return { status: response.status, text: await response.text() }
  }
  const send: Server['send'] = async (method, path, body) => {
    const answer = await ask(method, path, body)
    if (answer.status >= 300) throw refused(`${method} ${path}`, answer)
    return answer.text
  }
  return {
    ask,
    send,
    async find(path) {
      const answer = await ask('GET', path)
      if (answer.status === 404) return undefined
      if (answer.status >= 300) throw refused(`GET ${path}`, answer)
      return parsed(path, answer.text)
    },
  }
}

export function parsed(path: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new DeployError(
      `GET ${path} answered something that is not JSON: is WINDMILL_BASE_URL that of a Windmill server?`,
    )
  }
}

const waysOut: [status: number, way: string][] = [
  [401, 'WINDMILL_TOKEN is not good for this: make a new one in Account settings, Tokens'],
  [403, 'the user of WINDMILL_TOKEN may not: use one of an admin of the workspace'],
  [409, 'somebody else changed it meanwhile: run this again'],
  [429, 'it was asked too often: run this again in a minute'],
]

export function refused(asked: string, { status, text }: Answer): DeployError {
  const way =
    waysOut.find(([it]) => it === status)?.[1] ??
    (status >= 500
      ? "see the server's log, and run this again: what is done already stays done"
      : 'nothing was changed by this request')
  return new DeployError(`Windmill answered ${status} to ${asked}: ${said(text)}${way}.`)
}

/** The server's own words, without the place in its source that it adds. */
function said(text: string): string {
  const words = text.replace(/\s*[@(]\w+\.rs:[\d:]+\)?/g, '').trim()
  return words ? `${words.slice(0, 500).replace(/\.$/, '')}; ` : ''
}

const tlsCodes = /CERT|SELF_SIGNED|ISSUER|ERR_TLS|ERR_SSL|EPROTO/

function unreachable(baseUrl: string, error: unknown): DeployError {
  const { code, message } = reasonOf(error)
  const hint = tlsCodes.test(code)
    ? 'its certificate is not trusted: set NODE_EXTRA_CA_CERTS to the file of the authority that ' +
      'signed it, or check that it speaks https'
    : 'check WINDMILL_BASE_URL, and that the server runs and can be reached from here'
  return new DeployError(`No answer from ${baseUrl} (${code || message}): ${hint}.`, {
    cause: error,
  })
}

/** fetch hides the reason in `cause`, and a refused connection once more in `errors`. */
function reasonOf(error: unknown): { code: string; message: string } {
  let reason = error
  while (reason instanceof Error) {
    if (reason instanceof AggregateError && reason.errors.length > 0) reason = reason.errors[0]
    else if (reason.cause instanceof Error) reason = reason.cause
    else break
  }
  if (!(reason instanceof Error)) return { code: '', message: String(error) }
  const code = 'code' in reason && typeof reason.code === 'string' ? reason.code : ''
  return {
    code,
    message: reason.name === 'TimeoutError' ? 'no answer in a minute' : reason.message,
  }
}
