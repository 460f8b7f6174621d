export interface WindmillConfig {
  baseUrl: string
  token: string
  workspace: string
}

/** Less than a handler's own time, so that what went wrong is said. */
const patience = 4000

/** `where` is asked with each call, since the local engine comes up after the API. */
export async function windmillClient(where: () => WindmillConfig) {
  const { baseUrl, token, workspace } = where()
  // Loaded with the first call: it is large, and most starts need no flow at all.
  const { ApiError, FlowService, JobService, setClient } = await import('windmill-client')
  setClient(token, baseUrl)
  /** The status that Windmill refused with; undefined where it did not answer. */
  const statusOf = (error: unknown) => (error instanceof ApiError ? error.status : undefined)
  return { jobs: JobService, flows: FlowService, statusOf, baseUrl, workspace }
}

type Call<T> = PromiseLike<T> & { cancel(): void }

export async function patiently<T>(call: Call<T>): Promise<T> {
  const timer = setTimeout(() => call.cancel(), patience)
  try {
    return await call
  } finally {
    clearTimeout(timer)
  }
}

/** What went wrong, with the reason Windmill gave: its statuses alone say little. */
export function said(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const reason = reasonOf(error)
  return reason ? `${error.message}: ${reason.slice(0, 500)}` : error.message
}

/** The words of a refusal; empty where there are none. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error) || !('body' in error)) return ''
  const { body } = error
  if (typeof body === 'string') return body.trim()
  return body ? JSON.stringify(body) : ''
}
