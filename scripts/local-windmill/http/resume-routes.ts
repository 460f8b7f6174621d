import { type Context, Hono } from 'hono'
import type { Json } from '../json.ts'
import type { ResumeTicket } from '../resume-signer.ts'
import { findAnyJob } from '../store/any-job.ts'
import { waitedBehind } from '../store/suspensions.ts'
import { type GivenAnswer, takeAnswer } from './answer.ts'
import { demand, type Env, type OpenEnv } from './principal.ts'
import { badRequest, notFound, Refusal } from './refusal.ts'
import { jsonBody } from './request-body.ts'
import type { Services } from './services.ts'
import { uuid } from './uuid.ts'

/** Answering by an address that is its own proof: no token is needed. */
export function openResumeRoutes(services: Services) {
  const answer = (approved: boolean) => async (c: Context<OpenEnv>) => {
    const ticket = signedTicket(services, c)
    // Whoever looks whether a link works, as chats and mail programs do, has not answered.
    if (c.req.method === 'HEAD') return c.body(null)
    await takeAnswer(services, c.get('principal'), { ...ticket, approved, value: await payload(c) })
    return c.text('', 201)
  }
  return new Hono<OpenEnv>()
    .on(['GET', 'POST'], '/jobs_u/resume/:id/:nonce/:signature', answer(true))
    .on(['GET', 'POST'], '/jobs_u/cancel/:id/:nonce/:signature', answer(false))
}

/** Making such addresses, and answering as somebody who is logged in. */
export function resumeRoutes(services: Services) {
  const { machinery } = services
  const { sql, workspace, signer } = machinery

  return new Hono<Env>()
    .get('/jobs/resume_urls/:id/:nonce', async (c) => {
      demand(c.get('principal'), 'run jobs')
      const asked = ticketOf(c)
      const { job, step } = await existing(asked.targetId)
      const isFlow = c.req.query('flow_level') === 'true'
      const ticket = { ...asked, targetId: isFlow && step ? step.parent_id : asked.targetId }
      if (!step && job.kind !== 'flow') throw badRequest(`job ${job.id} is not part of a flow`)
      return c.json(addresses(ticket))
    })
    .get('/jobs/job_signature/:id/:nonce', async (c) => {
      demand(c.get('principal'), 'run jobs')
      const ticket = ticketOf(c)
      await existing(ticket.targetId)
      return c.text(signer.sign(ticket))
    })
    .post('/jobs/flow/resume/:id', async (c) => {
      const principal = c.get('principal')
      demand(principal, 'run jobs')
      const id = uuid(c.req.param('id'), 'id')
      await existing(id)
      const stepId = await waitedBehind(sql, id)
      if (!stepId) throw badRequest('the flow is not in a suspended state anymore')
      const given: GivenAnswer = {
        ...{ targetId: stepId, resumeId: 0, approved: true, approver: undefined },
        value: await payload(c),
      }
      await takeAnswer(services, principal, given)
      return c.text('', 201)
    })

  async function existing(id: string) {
    const found = await findAnyJob(sql, workspace, id)
    if (!found) throw notFound(`job ${id} does not exist`)
    return found
  }

  function addresses(ticket: ResumeTicket) {
    const { targetId, resumeId, approver } = ticket
    const end = `${targetId}/${resumeId}/${signer.sign(ticket)}`
    const query = approver === undefined ? '' : `?approver=${encodeURIComponent(approver)}`
    const { baseUrl } = machinery
    return {
      approvalPage: `${baseUrl}/approve/${workspace}/${end}${query}`,
      resume: `${baseUrl}/api/w/${workspace}/jobs_u/resume/${end}${query}`,
      cancel: `${baseUrl}/api/w/${workspace}/jobs_u/cancel/${end}${query}`,
    }
  }
}

/** The ticket that an address names. @throws Refusal (403) when its signature is not ours */
export function signedTicket({ machinery }: Services, c: Context): ResumeTicket {
  const ticket = ticketOf(c)
  if (!machinery.signer.verify(ticket, c.req.param('signature') ?? '')) {
    throw new Refusal(403, 'Forbidden: invalid signature')
  }
  return ticket
}

function ticketOf(c: Context): ResumeTicket {
  const nonce = c.req.param('nonce') ?? ''
  if (!/^\d{1,10}$/.test(nonce) || Number(nonce) >= 2 ** 32) {
    throw badRequest('the resume id must be a whole number below 2^32')
  }
  const targetId = uuid(c.req.param('id') ?? '', 'id')
  return { targetId, resumeId: Number(nonce), approver: c.req.query('approver') }
}

/** What the one who answers sends along: the body, or `?payload=` as base64 of JSON. */
async function payload(c: Context): Promise<Json> {
  if (c.req.method !== 'GET') return jsonBody(c)
  const given = c.req.query('payload')
  if (given === undefined) return null
  try {
    return JSON.parse(Buffer.from(given, 'base64').toString('utf8')) as Json
  } catch {
    throw badRequest('payload must be JSON in base64')
  }
}
