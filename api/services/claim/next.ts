import { nextTask as command } from '../../commands/claims.ts'
import type { ProtocolRun } from '../../core/entities/protocol.ts'
import { found } from '../../core/errors.ts'
import { nextOfPool, openSprintsOf, runsOfPool, stateOfPool } from '../../store/pool.ts'
import { findSprint } from '../../store/sprints.ts'
import { findTask, lockTask } from '../../store/tasks.ts'
import { lockRunsOf } from '../lock.ts'
import { mutation } from '../mutation.ts'
import { impliedProject } from '../project/implied.ts'
import { session, type Work } from '../runtime.ts'
import { holdSprints, isClosed } from '../sprint/guard.ts'
import { lockStepOf } from '../task/drive-step.ts'
import { expireClaims, findLapsed } from './expire.ts'
import { takeTask } from './take.ts'

/**
 * The next ready task. Agents that claim at once get one each, none waiting for another: a task
 * that is being taken is passed over. Only in a sprint made of a protocol run do they take turns, on
 * the run, as all do who start its steps; while a flow executes the run, its cards are the flow's.
 */
export const nextTask = mutation(command, async (work, input) => {
  if (input.claim) session(work)
  const pool = {
    sprintIds: await sprintsOf(work, input),
    agent: input.agent ?? work.session?.agent ?? null,
    labels: input.labels,
  }
  const runIds = await runsOfPool(work.tx, pool.sprintIds)
  const lapsed = await findLapsed(work.tx, pool.sprintIds)
  const runs = input.claim ? await lockRunsOf(work, lapsed, runIds) : []
  const sprints = input.claim ? await holdSprints(work.tx, pool.sprintIds) : new Map()
  const expired = await expireClaims(work, lapsed)
  const open = pool.sprintIds.filter((id) => !isClosed(sprints.get(id) ?? { status: 'active' }))
  const free = input.claim ? runs.filter(isFree).map((run) => run.id) : runIds
  const id = await nextOfPool(work.tx, { ...pool, sprintIds: open }, free, input.claim)
  if (expired === 0 && (!input.claim || id === undefined)) work.nothingChanged()

  if (id === undefined) {
    const state = await stateOfPool(work.tx, pool)
    return { task: null, claim: null, pool: state, message: whyNone(state) }
  }
  if (!input.claim) {
    const task = found(await findTask(work.tx, id), 'task', id)
    return { task, claim: null, pool: null, message: `${task.code} is ready; claim it to begin.` }
  }
  const before = found(await lockTask(work.tx, id), 'task', id)
  const taken = await takeTask(work, before, await lockStepOf(work, before))
  const { code } = taken.task
  return { ...taken, pool: null, message: `${code} is yours until ${taken.claim.lease_until}.` }
})

/** Nothing else starts the steps of this run. */
const isFree = ({ execution, status }: ProtocolRun) =>
  execution === null && status !== 'paused' && status !== 'cancelled'

/** @throws DomainError `not_found` where there is no such sprint or project */
async function sprintsOf(
  work: Work,
  { sprint_id, project_id }: { sprint_id?: number | undefined; project_id?: number | undefined },
): Promise<number[]> {
  if (sprint_id !== undefined) {
    found(await findSprint(work.tx, sprint_id), 'sprint', sprint_id)
    return [sprint_id]
  }
  const { id } = await impliedProject(work.tx, project_id ?? work.session?.project_id)
  const sprintIds = await openSprintsOf(work.tx, id)
  const own = project_id === undefined ? await sprintOfSession(work) : null
  return own !== null && sprintIds.includes(own) ? [own] : sprintIds
}

async function sprintOfSession({ tx, session }: Work): Promise<number | null> {
  if (!session?.task_id) return session?.sprint_id ?? null
  return (await findTask(tx, session.task_id))?.sprint_id ?? null
}

const whyNone = (state: Awaited<ReturnType<typeof stateOfPool>>) =>
  state.todo === 0
    ? `No task is todo; ${state.in_work} are being worked on.`
    : `None of ${state.todo} tasks to do is ready: ${state.waiting} wait for others, ${state.assigned} are assigned to somebody else; ${state.in_work} are being worked on. Ask again when one of those is done.`
