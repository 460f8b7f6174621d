import { deleteSpec as command } from '../../commands/specs.ts'
import { found } from '../../core/errors.ts'
import { lockSpec, updateSpec } from '../../store/specs.ts'
import { cardsOf } from '../../store/tasks.ts'
import { lockCards } from '../lock.ts'
import { mutation } from '../mutation.ts'
import { idsOfOpen } from '../sprint/guard.ts'
import { changeTasks } from '../task/change.ts'

export const deleteSpec = mutation(command, async (work, { spec_id }) => {
  const spec = found(await lockSpec(work.tx, spec_id), 'spec', spec_id)
  if (spec.status === 'archived') {
    work.nothingChanged()
    return spec
  }
  const { rows, sprints } = await lockCards(work.tx, await cardsOf(work.tx, { spec_id }))
  const open = idsOfOpen(sprints)
  const gone = [...rows.values()].filter(
    (task) =>
      task.step_run_id === null &&
      !['done', 'archived'].includes(task.board_status) &&
      (task.sprint_id === null || open.has(task.sprint_id)),
  )
  await changeTasks(
    work,
    gone.map((before) => ({ before, after: { ...before, board_status: 'archived' } })),
    'import',
  )
  await work.record({
    type: 'spec.archived',
    entity_type: 'spec',
    entity_id: spec_id,
    project_id: spec.project_id,
    payload: { path: spec.path },
  })
  return updateSpec(work.tx, spec_id, { status: 'archived' })
})
