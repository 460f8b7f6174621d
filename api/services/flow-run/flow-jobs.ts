import type { Flow, Job, ListJobsData } from 'windmill-client'
import { DomainError, type FieldError } from '../../core/errors.ts'
import {
  patiently,
  reasonOf,
  said,
  type WindmillConfig,
  windmillClient,
} from '../windmill-client.ts'

type Client = Awaited<ReturnType<typeof windmillClient>>

/** Windmill's jobs as people look at them; every call may fail with the code `upstream`. */
export interface FlowJobs {
  list(filter: Omit<ListJobsData, 'workspace'>): Promise<Job[]>
  find(jobId: string): Promise<Job | undefined>
  arguments(jobId: string): Promise<Record<string, unknown>>
  /** What a job says itself, from a character on. */
  log(jobId: string, offset: number): Promise<{ text: string; next: number }>
  flow(path: string): Promise<Flow | undefined>
  /** Starts a flow once per job id. @throws DomainError `invalid` over its arguments */
  start(path: string, args: Record<string, unknown>, jobId: string): Promise<void>
  cancel(jobId: string, reason: string): Promise<void>
  /** Answers behind a step that waits. @throws DomainError where nothing waits any longer */
  answer(stepJobId: string, given: Answer): Promise<void>
}
export interface Answer {
  approved: boolean
  approver: string
  payload: Record<string, unknown>
}

export function flowJobs(where: () => WindmillConfig): FlowJobs {
  /** `undefined` for what is not there; every other failure is Windmill's, or says what it refused. */
  async function ask<T>(call: (client: Client) => PromiseLike<T> & { cancel(): void }) {
    const client = await windmillClient(where)
    try {
      return await patiently(call(client))
    } catch (error) {
      const status = client.statusOf(error)
      if (status === 404) return undefined
      throw refusal(error, status, client.baseUrl)
    }
  }
  const find: FlowJobs['find'] = async (id) => {
    const job = await ask(({ jobs, workspace }) => jobs.getJob({ workspace, id, noLogs: true }))
    return job === undefined ? undefined : expectObject(job)
  }

  return {
    find,
    async list(filter) {
      const found = await ask(({ jobs, workspace }) => jobs.listJobs({ ...filter, workspace }))
      if (!Array.isArray(found)) throw notWindmill()
      return found
    },
    async arguments(id) {
      const args = await ask(({ jobs, workspace }) => jobs.getJobArgs({ workspace, id }))
      return (args ?? {}) as Record<string, unknown>
    },
    async log(id, offset) {
      const update = await ask(({ jobs, workspace }) =>
        jobs.getJobUpdates({ workspace, id, running: true, logOffset: offset }),
      )
      const { new_logs, log_offset } = update ?? {}
      return { text: new_logs ?? '', next: log_offset ?? offset + (new_logs?.length ?? 0) }
    },
    async flow(path) {
      const flow = await ask(({ flows, workspace }) => flows.getFlowByPath({ workspace, path }))
      return flow === undefined ? undefined : expectObject(flow)
    },
    async start(path, args, jobId) {
      try {
        const started = await ask(({ jobs, workspace }) =>
          jobs.runFlowByPath({ workspace, path, requestBody: args, jobId }),
        )
        if (started === undefined) throw unknownFlow(path)
      } catch (error) {
        // Windmill refuses a job id it has seen: the same request came before.
        if (error instanceof DomainError && error.code === 'invalid' && (await find(jobId))) return
        throw error
      }
    },
    async cancel(id, reason) {
      await ask(({ jobs, workspace }) =>
        jobs.cancelQueuedJob({ workspace, id, requestBody: { reason } }),
      )
    },
    async answer(id, { approved, approver, payload }) {
      // A number of its own: whoever else answers behind the same step does not take this one's place.
      const resumeId = Math.floor(Math.random() * 2 ** 31)
      const urls = await ask(({ jobs, workspace }) =>
        jobs.getResumeUrls({ workspace, id, resumeId, approver }),
      )
      const signature = signatureIn(urls?.resume)
      await ask(({ jobs, workspace }) => {
        const signed = { workspace, id, resumeId, signature, approver, requestBody: payload }
        return approved ? jobs.resumeSuspendedJobPost(signed) : jobs.cancelSuspendedJobPost(signed)
      })
    },
  }
}

const signatureIn = (url: string | undefined): string => {
  const signature = url && new URL(url).pathname.split('/').at(-1)
  if (!signature) throw notWindmill()
  return signature
}

function expectObject<T>(answer: T): T {
  if (typeof answer === 'object' && answer !== null) return answer
  throw notWindmill()
}

const notWindmill = () =>
  new DomainError(
    'upstream',
    'windmill_answers',
    'What answers at the address of Windmill is not Windmill; check WINDMILL_BASE_URL.',
  )

const unknownFlow = (path: string) =>
  new DomainError(
    'conflict',
    'flow_is_deployed',
    `Windmill has no flow ${path}; deploy the flows first (npm run windmill:deploy).`,
  )

function refusal(error: unknown, status: number | undefined, baseUrl: string): DomainError {
  const reason = reasonOf(error).replace(/^Bad request: /i, '')
  if (status === 400 || status === 409 || status === 422) {
    return new DomainError('invalid', 'windmill_accepts', reason || said(error), {
      fields: fieldsIn(reason),
      cause: error,
    })
  }
  if (status === 401 || status === 403) {
    const why = `Windmill at ${baseUrl} does not let us: ${reason || 'its token is not accepted'}.`
    return new DomainError('upstream', 'windmill_lets_us', why, { cause: error })
  }
  return new DomainError(
    'upstream',
    'windmill_answers',
    `Windmill at ${baseUrl} does not answer (${said(error)}). Start it, or check WINDMILL_BASE_URL, then try again.`,
    { cause: error },
  )
}

/** The engine names each argument that is wrong; they stand below `args` in our request. */
function fieldsIn(reason: string): FieldError[] {
  const named = reason.split('; ').flatMap((part): FieldError[] => {
    const [, name, message] = /^argument (\S+) (.+)$/s.exec(part) ?? []
    return name && message ? [{ field: `args.${name}`, message }] : []
  })
  return named.length > 0 ? named : [{ field: 'args', message: reason || 'Windmill refuses them' }]
}
