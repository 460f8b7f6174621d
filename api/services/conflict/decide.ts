import { actionsFor } from '../../core/board-wins.ts'
import type { Conflict } from '../../core/entities/conflict.ts'
import type { StepRun } from '../../core/entities/protocol.ts'
import type { BoardStatus } from '../../core/entities/task.ts'
import { cardOf } from '../../core/status.ts'
import type { StepAction } from '../../core/step-actions.ts'
import type { TaskRow } from '../../store/tasks.ts'
import type { Caller } from '../runtime.ts'
import { isClosed } from '../sprint/guard.ts'
import { isHeld } from '../step/locked.ts'
import type { Ground } from './ground.ts'

export type Side = 'board' | 'other'

/** What resolving a conflict one way takes, or the rule that keeps it as it is. */
export type Decision =
  | { kind: 'stays'; rule: string; detail: string }
  | {
      kind: 'resolves'
      task: TaskRow
      step: StepRun | null
      /** For the step, in order. */
      actions: StepAction[]
      /** Whether the card changes although its sprint has ended. */
      overrides: boolean
    }

interface Asked {
  caller: Caller
  side: Side
  overrideReason: string | undefined
}

const stays = (rule: string, detail: string): Decision => ({ kind: 'stays', rule, detail })

export function decide(ground: Ground, conflict: Conflict, asked: Asked): Decision {
  if (conflict.source === 'protocol' && asked.caller.role !== 'admin') {
    return stays('scope_admin', 'A conflict with a step is for an admin to resolve.')
  }
  const task = ground.tasks.get(conflict.task_id ?? 0)
  if (!task) return stays('exists', `There is no task ${conflict.task_id}.`)
  const step = ground.steps.get(conflict.step_run_id ?? 0) ?? null
  const drive = asked.side === 'board' && conflict.source === 'protocol'
  const actions = drive ? drivenBy(ground, step, conflict.board_value as BoardStatus) : []
  if (!Array.isArray(actions)) return actions
  if (
    conflict.source === 'spec' &&
    conflict.field === 'board_status' &&
    task.step_run_id !== null
  ) {
    if (asked.side === 'other') {
      return stays('status_belongs_to_step', `The status of ${task.code} belongs to its step.`)
    }
  }
  const sprint = task.sprint_id === null ? undefined : ground.sprints.get(task.sprint_id)
  const overrides = sprint !== undefined && isClosed(sprint) && changes(conflict, task, step, asked)
  if (overrides && (asked.caller.role !== 'admin' || asked.overrideReason === undefined)) {
    return stays(
      'closed_sprint_is_read_only',
      `Task ${task.code} is in a sprint that has ended; an admin may resolve this with override_reason.`,
    )
  }
  return { kind: 'resolves', task, step, actions, overrides }
}

/** The actions by which a step follows its card, or why there are none. */
function drivenBy(
  { runs }: Ground,
  step: StepRun | null,
  to: BoardStatus,
): StepAction[] | Decision {
  const run = step === null ? undefined : runs.get(step.protocol_run_id)
  if (!step || !run || step.deleted_at !== null) {
    return stays(
      'step_is_deleted',
      'The step was deleted from its plan; resolve for the other side.',
    )
  }
  const actions = actionsFor(step.status, to)
  if (actions === null) {
    return stays(
      'no_legal_action',
      `Step "${step.step_name}" is ${step.status}, and no action leads from there to ${to}; fail or cancel it first.`,
    )
  }
  if (actions.some((action) => isHeld(run, action))) {
    return stays(
      `run_is_${run.status}`,
      `Protocol run ${run.id} is ${run.status}: step "${step.step_name}" cannot move.`,
    )
  }
  return actions
}

function changes(
  conflict: Conflict,
  task: TaskRow,
  step: StepRun | null,
  { side }: Asked,
): boolean {
  if (conflict.source === 'spec') return side === 'other'
  const to = side === 'board' || !step ? conflict.board_value : cardOf(step).board_status
  return to !== task.board_status
}
