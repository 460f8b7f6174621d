import type { BoardStatus } from '../../core/entities/task.ts'
import type { NewEvent, Payload } from '../../core/events/catalogue.ts'
import { endClaims, type LiveClaim, liveClaims } from '../../store/claims.ts'
import type { TaskRow } from '../../store/tasks.ts'
import type { Work } from '../runtime.ts'

type Why = Payload<'task.released'>['why']

const outOfHands: readonly BoardStatus[] = ['backlog', 'todo', 'archived']

/**
 * Lets claims follow changed cards: one ends with the work on its card, when the card goes back,
 * and when somebody else moves or assigns it by hand.
 */
export async function settleClaims(
  work: Work,
  changes: readonly { before: TaskRow; after: TaskRow }[],
  byHand: boolean,
): Promise<void> {
  const moved = changes.filter(
    ({ before, after }) =>
      before.board_status !== after.board_status || before.assignee !== after.assignee,
  )
  const claims = await liveClaims(
    work.tx,
    moved.map(({ after }) => after.id),
  )
  if (claims.length === 0) return
  const rows = new Map(moved.map(({ after }) => [after.id, after]))
  const ended = claims.flatMap((claim) => {
    const task = rows.get(claim.task_id)
    const why = task && endOf(task.board_status, claim.session_id === work.session?.id, byHand)
    return why ? [{ claim, task, why }] : []
  })
  await endClaims(
    work.tx,
    ended.map(({ claim }) => claim.id),
  )
  await work.record(...ended.map(({ claim, task, why }) => released(claim, task, why)))
}

function endOf(status: BoardStatus, own: boolean, byHand: boolean): Why | null {
  if (status === 'done') return 'finished'
  if (outOfHands.includes(status)) return own ? 'released' : 'moved'
  return byHand && !own ? 'moved' : null
}

export const released = (claim: LiveClaim, task: TaskRow, why: Why): NewEvent => ({
  type: 'task.released',
  ...aboutClaim(claim, task, { why }),
})

export const aboutClaim = <T extends object>(
  claim: Pick<LiveClaim, 'agent' | 'session_key'>,
  task: TaskRow,
  besides: T,
) => ({
  entity_type: 'task',
  entity_id: task.id,
  project_id: task.project_id,
  sprint_id: task.sprint_id,
  payload: {
    code: task.code,
    agent: claim.agent,
    session_key: claim.session_key,
    ...besides,
  },
})
