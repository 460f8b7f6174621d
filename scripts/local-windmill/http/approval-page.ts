import { type Context, Hono } from 'hono'
import { isObject, type JsonObject } from '../json.ts'
import { checkArguments } from '../openflow/check-arguments.ts'
import type { ArgumentSchema } from '../openflow/types.ts'
import type { ResumeTicket } from '../resume-signer.ts'
import { findStep } from '../store/steps.ts'
import { type Awaited, findAwaited, takeAnswer } from './answer.ts'
import { CONTENT_SECURITY_POLICY, markup, page } from './approval-html.ts'
import { nameOfStep } from './flow-inside.ts'
import { fieldsOf, readFields } from './form-fields.ts'
import { type Authenticate, principalOf } from './principal.ts'
import { badRequest, Refusal } from './refusal.ts'
import { signedTicket } from './resume-routes.ts'
import type { Services } from './services.ts'

const ADDRESS = '/:id/:nonce/:signature'

/** The page behind `approvalPage`: what is asked, a form, and two buttons. */
export function approvalPage(services: Services, authenticate: Authenticate) {
  const { sql, tokens } = services.machinery

  return new Hono()
    .get(ADDRESS, async (c) => show(c, await ask(await open(c))))
    .post(ADDRESS, async (c) => {
      const { ticket, awaited } = await open(c)
      const fields = await c.req.parseBody().catch(() => {
        throw badRequest('the form cannot be read')
      })
      const approved = fields.answer === 'approve'
      if (!approved && fields.answer !== 'reject') {
        return show(c, await ask({ awaited }, 'Approve or reject.'), 400)
      }
      const schema = schemaOf(awaited)
      const value = readFields(schema, fields)
      const problems = approved ? checkArguments(schema, value) : []
      if (problems.length > 0) return show(c, await ask({ awaited }, problems.join('; ')), 400)
      const token = typeof fields.token === 'string' ? fields.token : undefined
      try {
        const principal = await principalOf(authenticate, tokens, token || undefined)
        await takeAnswer(services, principal, { ...ticket, approved, value })
      } catch (thrown) {
        if (!(thrown instanceof Refusal)) throw thrown
        return show(c, await ask({ awaited }, thrown.message), thrown.status)
      }
      const done = approved ? 'Approved. The flow goes on.' : 'Rejected.'
      return show(c, page('Answered', markup`<p role="status">${done}</p>`))
    })

  async function open(c: Context): Promise<{ ticket: ResumeTicket; awaited: Awaited }> {
    const ticket = signedTicket(services, c)
    return { ticket, awaited: await findAwaited(services, ticket.targetId) }
  }

  async function ask({ awaited }: { awaited: Awaited }, problem?: string): Promise<string> {
    const { job, suspension } = awaited
    if (job.completed_at) return page(job.path, markup`<p role="status">This flow has ended.</p>`)
    if (suspension?.outcome) {
      return page(job.path, markup`<p role="status">This step has been answered already.</p>`)
    }
    const { settings = {}, step_id } = suspension ?? { settings: {} as JsonObject, step_id: null }
    const step = typeof step_id === 'string' ? await findStep(sql, step_id) : null
    const asking = await nameOfStep(sql, { job, step })
    const said = isObject(step?.result) ? step.result : {}
    return page(
      job.definition?.summary || job.path,
      markup`
        ${problem && markup`<p role="alert">${problem}</p>`}
        ${asking && markup`<p>Behind the step: <b>${asking}</b></p>`}
        ${typeof said.description === 'string' && markup`<p>${said.description}</p>`}
        <form method="post">
          ${fieldsOf(schemaOf(awaited), isObject(said.default_args) ? said.default_args : {})}
          ${
            settings.user_auth_required === true &&
            markup`<label>Your token <input type="password" name="token" required autocomplete="off"></label>`
          }
          <p class="buttons">
            <button name="answer" value="approve">Approve</button>
            ${
              settings.hide_cancel !== true &&
              markup`<button name="answer" value="reject" formnovalidate>Reject</button>`
            }
          </p>
        </form>`,
    )
  }
}

function schemaOf({ suspension }: Awaited): ArgumentSchema | undefined {
  const form = suspension?.settings.resume_form
  return isObject(form) && isObject(form.schema) ? (form.schema as ArgumentSchema) : undefined
}

function show(c: Context, html: string, status: Refusal['status'] = 200): Response {
  c.header('Content-Security-Policy', CONTENT_SECURITY_POLICY)
  // The address is a key: it must not travel on, nor be kept.
  c.header('Referrer-Policy', 'no-referrer')
  c.header('Cache-Control', 'no-store')
  return c.html(html, status)
}
