import type { Problem } from '../../core/delegation/fields.ts'
import { type FileName, namedBy } from '../../core/delegation/paths.ts'
import { TemplateProblem } from '../../core/delegation/render.ts'
import { agentVariables, sprintVariables } from '../../core/delegation/variables.ts'
import type { FileRow } from '../../store/delegation-files.ts'
import {
  baseOf,
  type FileState,
  foundFile,
  hasSettled,
  namesOf,
  problemsOf,
  sidesOf,
} from './file-state.ts'
import { type Entity, type Ground, sha256Of } from './ground.ts'
import { inTurns } from './in-turns.ts'
import type { Once } from './once.ts'

/** The files of one task or sprint. */
export interface EntityState {
  entity: Entity
  /** Hash of everything that its files are made of. */
  madeFrom: string
  /** Those that can be read; the others are left alone. */
  files: FileState[]
  /** Nothing has changed on either side since they were confirmed. */
  unchanged: boolean
  /** Paths of its files that are not where they belong. */
  misplaced: string[]
}

export interface Survey {
  states: EntityState[]
  problems: Problem[]
  /** Paths in the repository that belong to something, also such as cannot be read. */
  claimed: Set<string>
}

export type Texts = ReadonlyMap<string, string>
export const keyOf = (type: string, id: number, name: string) => `${type} ${id} ${name}`
const nameOf = (path: string) => path.split('/').at(-1) ?? ''

/** Files by task and name, wherever their folder was moved to. */
function placesByCode(texts: Texts): Map<string, string> {
  const places = new Map<string, string>()
  for (const path of texts.keys()) {
    const named = namedBy(path)
    if (named?.task) places.set(`${named.task} ${named.name}`, path)
  }
  return places
}

/** How the files of all tasks and sprints stand. */
export async function surveyed(
  ground: Ground,
  rows: readonly FileRow[],
  texts: Texts,
  once: Once,
): Promise<Survey> {
  const survey: Survey = { states: [], problems: [], claimed: new Set() }
  const known = new Map(
    rows.map((row) => [keyOf(row.entity_type, row.entity_id, nameOf(row.path)), row]),
  )
  const byCode = placesByCode(texts)
  const templates = sha256Of(ground.sets.key)
  const letOthers = inTurns()
  for (const entity of ground.entities) {
    await letOthers()
    try {
      survey.states.push(stateOf(entity, { ground, known, texts, byCode, templates, survey, once }))
    } catch (error) {
      if (!(error instanceof TemplateProblem)) throw error
      const { path, line, message } = error.problem
      const told = survey.problems.some(
        (it) => it.path === path && it.line === line && it.message === message,
      )
      if (!told) survey.problems.push(error.problem)
      for (const name of namesOf(entity)) survey.claimed.add(`${entity.folder}/${name}`)
    }
  }
  return survey
}

interface Around {
  ground: Ground
  known: ReadonlyMap<string, FileRow>
  texts: Texts
  byCode: ReadonlyMap<string, string>
  templates: string
  survey: Survey
  once: Once
}

function stateOf(entity: Entity, around: Around): EntityState {
  const { ground, known, texts, byCode, templates, survey, once } = around
  const variables =
    entity.type === 'sprint'
      ? sprintVariables(entity.about)
      : [agentVariables(entity.about), entity.row.agent_config]
  const madeFrom = sha256Of(JSON.stringify([templates, entity.template, variables]))
  const state: EntityState = { entity, madeFrom, files: [], unchanged: true, misplaced: [] }
  const read = namesOf(entity).map((name: FileName) => {
    const path = `${entity.folder}/${name}`
    const row = known.get(keyOf(entity.type, entity.id, name))
    const places = [path, row?.path, byCode.get(`${entity.row.code} ${name}`)]
    const at = places.find((it) => it !== undefined && texts.has(it))
    const raw = at === undefined ? undefined : texts.get(at)
    if (at !== undefined) survey.claimed.add(at)
    const done =
      at === path &&
      row?.made_from === madeFrom &&
      row.offered_sha256 === null &&
      row.path === path &&
      !hasSettled(row) &&
      sha256Of(raw ?? '') === row.base_sha256
    if (!done) state.unchanged = false
    return { name, path, row, at, raw }
  })
  if (state.unchanged) return state
  for (const { name, path, row, at, raw } of read) {
    const found = at === undefined || raw === undefined ? null : foundFile(name, at, raw, once)
    const base = baseOf(row, found)
    const made = row?.offered_rendered ?? row?.base_rendered
    if (row?.made_from === madeFrom && made) once.know(madeFrom, name, made)
    const now = once.text(entity, madeFrom, name, ground.sets)
    // What a view says does not count: it is written over, and kept.
    const isView = ground.project.settings.delegation === 'read_only'
    const problems = isView ? [] : problemsOf({ found, base })
    survey.problems.push(...problems)
    if (problems.length > 0) continue
    if (found && found.path !== path) state.misplaced.push(found.path)
    const plain = () => once.text(entity, madeFrom, name, ground.sets, true)
    state.files.push({
      ...{ name, path, found, base, now },
      sides: sidesOf({ name, found, base, now }, plain, once),
    })
  }
  return state
}
