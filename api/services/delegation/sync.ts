import { isDeepStrictEqual } from 'node:util'
import type { InputOf, OutputOf } from '../../commands/command.ts'
import { syncDelegation as command } from '../../commands/delegation.ts'
import { TemplateSets } from '../../core/delegation/template-sets.ts'
import type { Project } from '../../core/entities/project.ts'
import { conflict, found, invalid } from '../../core/errors.ts'
import type { Db } from '../../store/database.ts'
import {
  delegationFiles,
  type FileRow,
  forgetFiles,
  keepTemplates,
  saveDelegationFiles,
  writeRevisionsNow,
} from '../../store/delegation-files.ts'
import { syncRounds } from '../../store/delegation-syncs.ts'
import { findProject } from '../../store/projects.ts'
import { mutation } from '../mutation.ts'
import type { Work } from '../runtime.ts'
import { conflictsOf, tellConflicts } from './conflicts.ts'
import { type Entity, readGround } from './ground.ts'
import { leftOver } from './left-over.ts'
import { letOthers } from './let-others.ts'
import { MadeAhead } from './made-ahead.ts'
import { type NextFiles, nextFiles } from './next-files.ts'
import { Once } from './once.ts'
import { refuseOvertaken, takeRound } from './round.ts'
import { lockEdited, merged, type Settled, settleEdits } from './settle-edits.ts'
import { type EntityState, type Survey, surveyed, type Texts } from './survey.ts'
import { nextView, viewedOnly } from './view-only.ts'
import { nextViews } from './views.ts'

export const syncDelegation = mutation(command, async (given, input) => {
  const { project_id } = input
  const texts = textsOf(input.files)
  const templates = [...textsOf(input.templates)]
    .map(([path, text]) => ({ path, text }))
    .sort((a, b) => (a.path < b.path ? -1 : 1))
  const sets = new TemplateSets(templates)
  const once = new Once()
  const known = async () => ({
    project: await delegating(given.tx, project_id),
    rows: await delegationFiles(given.tx, project_id),
  })
  const look = async ({ project, rows }: Awaited<ReturnType<typeof known>>) => {
    const ground = await readGround(given.tx, project, [...texts.keys()], sets)
    const isView = project.settings.delegation === 'read_only'
    return { project, rows, isView, ground, survey: await surveyed(ground, rows, texts, once) }
  }
  // Rendering and merging takes long, so it is done here, where nothing is locked and the stream of
  // events waits for nothing: what is written below is mostly there by then.
  const rounds = await syncRounds(given.tx, project_id)
  const first = await known()
  refuseOvertaken(rounds, input.expected_round)
  let seen = await look(first)
  const made = new MadeAhead((settled, { entity, madeFrom }) => {
    const { isView, ground } = seen
    return (isView ? nextView : nextFiles)(settled, { ground, entity, madeFrom, texts, once })
  })
  await made.make(seen.isView ? viewedOnly(seen.survey.states) : unedited(seen.survey.states))

  const { work, before } = await takeRound(given, project_id, input.expected_round)
  if (!isDeepStrictEqual(before, rounds)) {
    // Another sync has written meanwhile, or somebody has decided otherwise about these files.
    made.forget()
    seen = await look(await known())
  }
  await keepTemplates(work.tx, project_id, templates)
  while (!seen.isView && !(await lockedAsRead(work, seen.survey))) seen = await look(seen)

  const problems = [...sets.problems(), ...seen.survey.problems]
  const settled = seen.isView
    ? viewedOnly(seen.survey.states)
    : await settleEdits(work, merged(seen.survey.states), problems)
  const applied = settled.filter((it) => it.applied.length > 0)
  if (applied.length > 0) {
    await writeRevisionsNow(work.tx)
    seen = await look(seen)
  }
  await tellConflicts(work, settled)

  const { project, rows, ground, survey } = seen
  const now = new Map(survey.states.map((it) => [keyOf(it.entity), it]))
  const next: NextFiles = { writes: [], removes: [], rows: [], problems: [] }
  const add = (more: NextFiles) => {
    next.writes.push(...more.writes)
    next.removes.push(...more.removes)
    next.rows.push(...more.rows)
    next.problems.push(...more.problems)
  }
  const sure = new Map(settled.map((it) => [keyOf(it.state.entity), it]))
  let count = 0
  for (const [key, state] of now) {
    await letOthers(++count)
    const one = sure.get(key) ?? untouched(state)
    if (one.refused || (one.state.unchanged && state.unchanged)) continue
    // What only the edits of another file have changed is read anew.
    add(made.of(one.state.unchanged ? untouched(state) : one, state))
  }
  add(await nextViews(work.tx, project_id, rows, texts, ground.sets))
  const rest = leftOver(ground, survey, rows, texts)
  next.removes.push(...rest.removes)
  await forgetFiles(work.tx, project_id, [...rest.forgotten, ...movedAway(rows, next)])
  await saveDelegationFiles(work.tx, project_id, next.rows)
  await tellSynced(work, project, applied)

  const output: OutputOf<typeof command> = {
    writes: next.writes,
    removes: next.removes,
    conflicts: settled.flatMap(conflictsOf),
    problems: distinct([...problems, ...next.problems, ...rest.problems]),
    applied: {
      sprints: applied.filter((it) => it.state.entity.type === 'sprint').length,
      tasks: applied.filter((it) => it.state.entity.type === 'task').length,
      fields: applied.reduce((sum, it) => sum + it.applied.length, 0),
      files: new Set(applied.flatMap((it) => it.applied.map((one) => pathOf(it, one.file)))).size,
    },
  }
  return output
})

/** @throws DomainError `conflict` where the project keeps no files */
export async function delegating(db: Db, projectId: number): Promise<Project> {
  const project = found(await findProject(db, projectId), 'project', projectId)
  if ((project.settings.delegation ?? 'off') !== 'off') return project
  throw conflict(
    'delegation_is_off',
    `${project.slug} keeps no files beside the database; set its setting delegation to two_way or read_only.`,
  )
}

export function textsOf(files: InputOf<typeof command>['files']): Texts {
  const texts = new Map(files.map(({ path, text }) => [path, text]))
  if (texts.size === files.length) return texts
  const seen = new Set<string>()
  const twice = files.find(({ path }) => seen.size === seen.add(path).size)
  throw invalid('files', 'path_given_twice', `${twice?.path} is given twice`)
}

const keyOf = ({ type, id }: Entity) => `${type} ${id}`

const untouched = (state: EntityState): Settled => ({
  state,
  conflicts: [],
  agreed: [],
  applied: [],
  refused: false,
})

/** Locks what files have edited; answers whether the board has changed none of it meanwhile. */
async function lockedAsRead(work: Work, survey: Survey): Promise<boolean> {
  const edited = merged(survey.states).filter(({ merge }) => merge.changes.size > 0)
  if (edited.length === 0) return true
  return lockEdited(
    work,
    edited.map(({ state }) => state),
  )
}

const unedited = (states: readonly EntityState[]): Settled[] =>
  merged(states).flatMap(({ state, merge: { changes, conflicts, agreed } }) =>
    changes.size > 0 ? [] : [{ state, conflicts, agreed, applied: [], refused: false }],
  )

/** Rows of files whose task or sprint has them somewhere else now. */
function movedAway(rows: readonly FileRow[], next: NextFiles): string[] {
  const named = (row: FileRow) =>
    `${row.entity_type} ${row.entity_id} ${row.path.split('/').at(-1)}`
  const places = new Map(next.rows.map((row) => [named(row), row.path]))
  return rows
    .filter((row) => row.entity_type === 'sprint' || row.entity_type === 'task')
    .filter((row) => (places.get(named(row)) ?? row.path) !== row.path)
    .map((row) => row.path)
}

const fileOf = ({ state }: Settled, name: string) => state.files.find((it) => it.name === name)
const pathOf = (settled: Settled, name: string) => fileOf(settled, name)?.found?.path ?? name

async function tellSynced(
  work: Work,
  project: Project,
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
      project_id: project.id,
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

function distinct<T>(items: readonly T[]): T[] {
  const seen = new Set<string>()
  return items.filter((it) => seen.size !== seen.add(JSON.stringify(it)).size)
}
