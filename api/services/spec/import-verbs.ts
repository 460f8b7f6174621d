import {
  importSpecTasks as specCommand,
  importSprintTasks as sprintCommand,
} from '../../commands/specs.ts'
import type { Spec } from '../../core/entities/spec.ts'
import { found } from '../../core/errors.ts'
import { findProject } from '../../store/projects.ts'
import { findSpec, lockSpec } from '../../store/specs.ts'
import { findSprint, newestOpenSprintOfSpec } from '../../store/sprints.ts'
import { refuseWhileOff } from '../integration.ts'
import { mutation } from '../mutation.ts'
import type { Work } from '../runtime.ts'
import { holdSprints, isClosed, refuseClosed } from '../sprint/guard.ts'
import { specAt } from './create.ts'
import { importTasks, type Source } from './import.ts'
import { readCheckout } from './read-checkout.ts'

interface Given {
  content?: string | undefined
  commit?: string | undefined
  overwrite_existing: boolean
  take_backlog?: boolean
  expected_imports?: number | undefined
}

export const importSprintTasks = mutation(sprintCommand, async (work, input) => {
  const { project_id } = found(
    await findSprint(work.tx, input.sprint_id),
    'sprint',
    input.sprint_id,
  )
  await refuseWhileOff(work, project_id)
  const spec = await specAt(work, project_id, input.spec_path)
  const locked = found(await lockSpec(work.tx, spec.id), 'spec', spec.id)
  const source = await sourceOf(work, locked, input)
  const held = await holdSprints(work.tx, [input.sprint_id])
  const sprint = found(held.get(input.sprint_id), 'sprint', input.sprint_id)
  refuseClosed(sprint)
  return importTasks(work, locked, sprint, source)
})

export const importSpecTasks = mutation(specCommand, async (work, input) => {
  const spec = found(await findSpec(work.tx, input.spec_id), 'spec', input.spec_id)
  await refuseWhileOff(work, spec.project_id)
  const locked = found(await lockSpec(work.tx, spec.id), 'spec', spec.id)
  const source = await sourceOf(work, locked, input)
  const newest =
    input.into === 'backlog' ? undefined : await newestOpenSprintOfSpec(work.tx, spec.id)
  const held = await holdSprints(work.tx, newest ? [newest.id] : [])
  const open = [...held.values()].find((sprint) => !isClosed(sprint))
  return importTasks(work, locked, open ?? null, source)
})

/** Of a locked spec: a file that is read here is no older than what was imported before. */
async function sourceOf(work: Work, spec: Spec, given: Given): Promise<Source> {
  const project = found(await findProject(work.tx, spec.project_id), 'project', spec.project_id)
  return {
    text: given.content ?? (await readCheckout(project, spec.path)),
    commit: given.commit ?? null,
    overwriteExisting: given.overwrite_existing,
    takeBacklog: given.take_backlog ?? true,
    expectedImports: given.expected_imports ?? null,
  }
}
