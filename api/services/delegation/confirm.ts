import { confirmDelegation as command } from '../../commands/delegation.ts'
import { confirmFiles, forgetFiles } from '../../store/delegation-files.ts'
import { findTasks } from '../../store/tasks.ts'
import { mutation } from '../mutation.ts'
import { delegating } from './look.ts'
import { takeRound } from './round.ts'

/**
 * Files of a sync are written, or gone. Where nobody says so the next sync finds out by itself: it
 * knows what it has offered.
 */
export const confirmDelegation = mutation(command, async (given, { project_id, files }) => {
  const project = await delegating(given.tx, project_id)
  const { work } = await takeRound(given, project.id)
  const written = files.flatMap(({ path, sha256 }) => (sha256 === null ? [] : [{ path, sha256 }]))
  const rows = await confirmFiles(work.tx, project.id, written)
  const gone = files.filter((it) => it.sha256 === null).map((it) => it.path)
  await forgetFiles(work.tx, project.id, gone)
  const tasks = await findTasks(
    work.tx,
    rows.flatMap((row) => (row.entity_type === 'task' ? [row.entity_id] : [])),
  )
  const sprints = new Map(tasks.map((task) => [task.id, task.sprint_id]))
  await work.record(
    ...rows.map((row) => ({
      type: 'file.synced' as const,
      entity_type: row.entity_type === 'bug' ? 'task' : row.entity_type,
      entity_id: row.entity_id,
      project_id: project.id,
      sprint_id:
        row.entity_type === 'sprint' ? row.entity_id : (sprints.get(row.entity_id) ?? null),
      payload: {
        path: row.path,
        direction: 'to_repository' as const,
        fields: [],
        sha256: row.base_sha256 ?? '',
      },
      quiet: rows.length > 1,
    })),
  )
  if (rows.length === 0 && gone.length === 0) given.nothingChanged()
  return { confirmed: rows.length }
})
