import type { OutputOf } from '../../commands/command.ts'
import type { syncDelegation } from '../../commands/delegation.ts'
import type { Work } from '../runtime.ts'
import type { Entity } from './ground.ts'
import type { Settled } from './settle-edits.ts'

type Applied = OutputOf<typeof syncDelegation>['applied']

/** What files have changed in the database, in numbers. */
export const countsOf = (applied: readonly Settled[]): Applied => ({
  sprints: applied.filter((it) => it.state.entity.type === 'sprint').length,
  tasks: applied.filter((it) => it.state.entity.type === 'task').length,
  fields: applied.reduce((sum, it) => sum + it.applied.length, 0),
  files: new Set(applied.flatMap(takenFrom)).size,
})

export const sumOf = (one: Applied, other: Applied): Applied => ({
  sprints: one.sprints + other.sprints,
  tasks: one.tasks + other.tasks,
  fields: one.fields + other.fields,
  files: one.files + other.files,
})

/** Paths of the files whose edits came into the database. */
export const takenFrom = (settled: Settled): string[] =>
  settled.applied.map((it) => pathOf(settled, it.file))

export async function tellSynced(
  work: Work,
  projectId: number,
  applied: readonly Settled[],
): Promise<void> {
  const files = applied.flatMap((settled) =>
    [...new Set(settled.applied.map((it) => it.file))].map((name) => ({ settled, name })),
  )
  await work.record(
    ...files.map(({ settled, name }) => ({
      type: 'file.synced' as const,
      entity_type: settled.state.entity.type,
      entity_id: settled.state.entity.id,
      project_id: projectId,
      sprint_id: sprintOf(settled.state.entity),
      payload: {
        path: pathOf(settled, name),
        direction: 'to_database' as const,
        fields: settled.applied.filter((it) => it.file === name).map((it) => it.field),
        sha256: fileOf(settled, name)?.found?.sha256 ?? '',
      },
      quiet: files.length > 1,
    })),
  )
}

const sprintOf = (entity: Entity) => (entity.type === 'sprint' ? entity.id : entity.sprint.id)
const fileOf = ({ state }: Settled, name: string) => state.files.find((it) => it.name === name)
const pathOf = (settled: Settled, name: string) => fileOf(settled, name)?.found?.path ?? name
