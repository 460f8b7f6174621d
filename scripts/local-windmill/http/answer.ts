import type { Json } from '../json.ts'
import { findAnyJob } from '../store/any-job.ts'
import type { JobRow } from '../store/jobs.ts'
import type { StepRow } from '../store/steps.ts'
import { addAnswer, findSuspension, type Suspension, waitedBehind } from '../store/suspensions.ts'
import { may, type Principal } from './principal.ts'
import { badRequest, notFound, Refusal } from './refusal.ts'
import type { Services } from './services.ts'

export type GivenAnswer = {
  /** A step, or the flow around it. */
  targetId: string
  resumeId: number
  approved: boolean
  value: Json
  approver: string | undefined
}

export type Awaited = { job: JobRow; step: StepRow | null; suspension: Suspension | null }

/** What an answer to this step or flow is for. @throws Refusal (404) */
export async function findAwaited({ machinery }: Services, targetId: string): Promise<Awaited> {
  const { sql, workspace } = machinery
  const found = await findAnyJob(sql, workspace, targetId)
  if (!found) throw notFound(`job ${targetId} does not exist`)
  const stepId = (await findSuspension(sql, targetId))
    ? targetId
    : await waitedBehind(sql, targetId)
  return { ...found, suspension: stepId ? await findSuspension(sql, stepId) : null }
}

/** Takes an approval or refusal. @throws Refusal when it may not, or cannot, be given */
export async function takeAnswer(
  services: Services,
  principal: Principal | undefined,
  answer: GivenAnswer,
): Promise<void> {
  const { job, suspension } = await findAwaited(services, answer.targetId)
  if (job.completed_at) throw badRequest(`job ${job.id} has already ended`)
  if (suspension) refuseStrangers(suspension, job, principal)
  const { approver } = answer
  const taken = await addAnswer(services.machinery.sql, job.id, {
    target_id: answer.targetId,
    resume_id: answer.resumeId,
    approved: answer.approved,
    value: answer.value,
    approver: approver || (principal?.name ?? null),
    username: principal && may(principal, 'run jobs') ? principal.name : null,
  })
  if (!taken) throw new Refusal(409, 'Conflict: resume request already sent')
}

function refuseStrangers(
  { settings }: Suspension,
  job: JobRow,
  principal: Principal | undefined,
): void {
  if (settings.user_auth_required !== true) return
  if (!principal) {
    throw new Refusal(401, 'Unauthorized: only those who are logged in may answer; send a token')
  }
  if (!may(principal, 'run jobs')) {
    throw new Refusal(403, `Forbidden: the role ${principal.role} may not answer`)
  }
  const own = principal.name === job.created_by && principal.role !== 'admin'
  if (settings.self_approval_disabled === true && own) {
    throw new Refusal(403, 'Forbidden: who started the flow may not answer for it')
  }
}
