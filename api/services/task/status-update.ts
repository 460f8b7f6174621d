import { updateTaskStatus as command } from '../../commands/tasks.ts'
import { invalid } from '../../core/errors.ts'
import { insertStatusUpdate } from '../../store/status-updates.ts'
import { mutation } from '../mutation.ts'
import { addNote } from '../session/note.ts'
import { editTask } from './update.ts'

/** Moves a card as `updateTask` does, and keeps what is said about it. */
export const updateTaskStatus = mutation(command, async (work, { task_id, status, ...said }) => {
  const { note = null, reason = null } = said
  if (reason !== null && status !== 'blocked') {
    throw invalid('reason', 'reason_of_blocked', 'is why a task is blocked; else say it as a note')
  }
  const after = await editTask(work, {
    task_id,
    board_status: status,
    ...(status === 'blocked' && (reason ?? note) !== null
      ? { blocked_reason: reason ?? note }
      : {}),
  })
  if (!work.changed && note === null) return after
  await work.send(
    insertStatusUpdate(work.tx, {
      ...{ task_id, project_id: after.project_id, note, reason },
      status: after.board_status,
      actor: work.caller.actor,
      agent: work.caller.agent,
      session_key: work.caller.sessionKey,
    }),
  )
  if (note !== null) {
    work.changed = true
    if (work.session) {
      const text = `${after.code}: ${note}`
      await addNote(work, work.session, { kind: 'note', text, answers_id: null })
    }
    await work.record({
      type: 'task.noted',
      entity_type: 'task',
      entity_id: task_id,
      project_id: after.project_id,
      sprint_id: after.sprint_id,
      protocol_run_id: after.protocol_run_id,
      payload: { note, board_status: after.board_status },
    })
  }
  return after
})
