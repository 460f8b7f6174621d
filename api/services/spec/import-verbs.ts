import {
  importSpecTasks as specCommand,
  importSprintTasks as sprintCommand,
} from '../../commands/specs.ts'
import type { Spec } from '../../core/entities/spec.ts'
import { found } from '../../core/errors.ts'
import { findProject } from '../../store/projects.ts'
import { findSpec, lockSpec } from '../../store/specs.ts'
import { findSprint, newestOpenSprintOfSpec } from '../../store/sprints.ts'
import { cardsOf } from '../../store/tasks.ts'
import { refuseWhileOff } from '../integration.ts'
import { lockCards } from '../lock.ts'
import { mutation } from '../mutation.ts'
import type { Work } from '../runtime.ts'
import { isClosed, refuseClosed } from '../sprint/guard.ts'
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
  const cards = await lockCardsOf(work, locked, input.sprint_id)
  const sprint = found(cards.sprints.get(input.sprint_id), 'sprint', input.sprint_id)
  refuseClosed(sprint)
  return importTasks(work, locked, sprint, cards, source)
})

export const importSpecTasks = mutation(specCommand, async (work, input) => {
  const spec = found(await findSpec(work.tx, input.spec_id), 'spec', input.spec_id)
  await refuseWhileOff(work, spec.project_id)
  const locked = found(await lockSpec(work.tx, spec.id), 'spec', spec.id)
  const source = await sourceOf(work, locked, input)
  const newest =
    input.into === 'backlog' ? undefined : await newestOpenSprintOfSpec(work.tx, spec.id)
  const cards = await lockCardsOf(work, locked, newest?.id ?? null)
  const sprint = newest && cards.sprints.get(newest.id)
  return importTasks(work, locked, sprint && !isClosed(sprint) ? sprint : null, cards, source)
})

/** The cards of a locked spec, and the sprint that new ones go into. */
const lockCardsOf = async ({ tx }: Work, { id }: Spec, sprintId: number | null) =>
  lockCards(tx, await cardsOf(tx, { spec_id: id }), { others: [sprintId] })

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
