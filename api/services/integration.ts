import type { Project } from '../core/entities/project.ts'
import { conflict } from '../core/errors.ts'
import { findProject } from '../store/projects.ts'
import { type MovedCard, noteUnsynced } from '../store/unsynced.ts'
import type { Runtime, Work } from './runtime.ts'

/**
 * Which switch keeps runs and boards apart: the installation's or the project's own; null where
 * the integration is on.
 */
export function switchedOffBy(
  runtime: Pick<Runtime, 'sprintIntegration'>,
  project: Pick<Project, 'settings'>,
): 'environment' | 'project' | null {
  if (!runtime.sprintIntegration) return 'environment'
  return project.settings.sprint_integration === false ? 'project' : null
}

/** @throws DomainError `conflict` where the integration is off, naming the switch */
export async function refuseWhileOff(work: Work, projectId: number): Promise<void> {
  const project = await findProject(work.tx, projectId)
  const by = project && switchedOffBy(work.runtime, project)
  if (!by) return
  throw conflict(
    'sprint_integration_is_off',
    by === 'environment'
      ? 'The sprint integration is off for this installation; start it with DEVGODZILLA_ENABLE_SPRINT_INTEGRATION=true.'
      : `The sprint integration is off for this project; switch it on with PATCH /projects/${projectId} {"settings": {"sprint_integration": true}}.`,
  )
}

/**
 * True while the integration is off for the project of a run; then the change is noted, and caught
 * up with once it is on.
 */
export async function leftForLater(
  work: Work,
  run: { id: number; project_id: number },
  moved: readonly MovedCard[] = [],
): Promise<boolean> {
  const project = await findProject(work.tx, run.project_id)
  if (!project || switchedOffBy(work.runtime, project) === null) return false
  const notes = moved.length > 0 ? moved : [{ task_id: null, actor: null }]
  await noteUnsynced(
    work.tx,
    run.project_id,
    notes.map((note) => ({ protocol_run_id: run.id, ...note })),
  )
  return true
}
