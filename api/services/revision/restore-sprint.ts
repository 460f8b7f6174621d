import type { Sprint } from '../../core/entities/sprint.ts'
import { conflict } from '../../core/errors.ts'
import { updateSprint as save } from '../../store/sprints.ts'
import type { Work } from '../runtime.ts'
import { saveChanges } from '../save-changes.ts'
import { refuseClosed } from '../sprint/guard.ts'

/** Fields of a sprint that people edit; its status has verbs of its own, which bring the others. */
export const editable = [
  'end_date',
  'goal',
  'name',
  'spec_id',
  'start_date',
  'velocity_planned',
] as const
export type SprintContent = Partial<
  Pick<
    Sprint,
    | (typeof editable)[number]
    | 'code'
    | 'committed_points'
    | 'completed_at'
    | 'started_at'
    | 'status'
  >
>

const verbs: Partial<Record<Sprint['status'], string>> = {
  active: 'start',
  completed: 'complete',
  failed: 'fail',
}

/** What leads an open sprint to the status it had. */
function wayTo(status: Sprint['status'], { id }: Sprint): string {
  const verb = verbs[status]
  if (verb) return `POST /sprints/${id}/actions/${verb} makes it ${status}`
  return status === 'archived' ? `DELETE /sprints/${id} archives it` : 'it stays started'
}

/**
 * Gives a locked sprint what is wanted of it.
 * @throws DomainError `conflict` where it has ended, or was in another status then
 */
export async function restoreSprint(
  work: Work,
  sprint: Sprint,
  content: SprintContent,
): Promise<Sprint> {
  refuseClosed(sprint)
  if (content.status !== undefined && content.status !== sprint.status) {
    throw conflict(
      'sprint_status_has_verbs',
      `Sprint ${sprint.code} is ${sprint.status} and was ${content.status} then. The status of a sprint is neither rolled back nor undone, since commitment and reports hang on it: ${wayTo(content.status, sprint)}. For its other fields, roll back to a revision since it is ${sprint.status}, or change them (PATCH /sprints/${sprint.id}).`,
    )
  }
  const wanted = Object.fromEntries(
    editable.filter((field) => field in content).map((field) => [field, content[field]]),
  )
  return saveChanges<Sprint>(work, sprint, wanted, save, (changes) => [
    {
      entity_type: 'sprint',
      entity_id: sprint.id,
      project_id: sprint.project_id,
      sprint_id: sprint.id,
      type: 'sprint.updated',
      payload: { changes },
    },
  ])
}
