import {
  resolveConflicts as manyCommand,
  resolveConflict as oneCommand,
} from '../../commands/conflicts.ts'
import { DomainError, found, conflict as refusal } from '../../core/errors.ts'
import { conflictsOfProject, findConflict } from '../../store/conflicts.ts'
import { findProject } from '../../store/projects.ts'
import { mutation } from '../mutation.ts'
import { settle } from './settle.ts'

export const resolveConflict = mutation(oneCommand, async (work, input) => {
  const { conflict_id, side, override_reason } = input
  const known = found(await findConflict(work.tx, conflict_id), 'conflict', conflict_id)
  const [settled] = await settle(work, [known], side, override_reason)
  if (settled?.outcome === 'stays') {
    const { rule, detail } = settled
    throw rule === 'scope_admin'
      ? new DomainError('forbidden', rule, detail)
      : refusal(rule, detail)
  }
  const now = found(await findConflict(work.tx, conflict_id), 'conflict', conflict_id)
  if (settled?.outcome === 'resolved') return now
  if (now.resolution !== side) {
    throw refusal(
      'conflict_is_resolved',
      `Conflict ${conflict_id} was resolved by ${now.resolved_by} (${now.resolution}); change the task itself instead.`,
    )
  }
  work.nothingChanged()
  return now
})

export const resolveConflicts = mutation(manyCommand, async (work, input) => {
  const { project_id, ids, side, override_reason } = input
  found(await findProject(work.tx, project_id), 'project', project_id)
  const known = await conflictsOfProject(work.tx, project_id, ids ?? 'open')
  const byId = new Map(known.map((it) => [it.id, it]))
  for (const id of ids ?? []) found(byId.get(id), `conflict of project ${project_id}`, id)
  const settled = await settle(work, known, side, override_reason)
  const resolved = settled.filter((it) => it.outcome === 'resolved').length
  if (resolved === 0) work.nothingChanged()
  return {
    resolved,
    items: settled.map((it) => ({
      conflict_id: it.conflict.id,
      outcome: it.outcome,
      rule: it.outcome === 'stays' ? it.rule : null,
      detail: it.outcome === 'stays' ? it.detail : null,
    })),
  }
})
