import type { OutputOf } from '../../commands/command.ts'
import { checkDelegation as command } from '../../commands/delegation.ts'
import { isGenerated, isSame } from '../../core/delegation/fields.ts'
import { query } from '../query.ts'
import { inTurns } from './in-turns.ts'
import { leftOver } from './left-over.ts'
import { lookAround, sentOf } from './look.ts'
import { nextFiles } from './next-files.ts'
import { nextViews } from './views.ts'

type Difference = OutputOf<typeof command>['differences'][number]

/** What a sync would do, without doing any of it. */
export const checkDelegation = query(command, async ({ db }, input) => {
  const sent = sentOf(input)
  const { texts, sets, once } = sent
  const { project, rows, ground, survey, merges } = await lookAround(db, sent)
  const differences: Difference[] = []
  const letOthers = inTurns()
  for (const { state, merge } of merges) {
    await letOthers()
    const before = differences.length
    const about = (name: string | undefined) => `${state.entity.folder}/${name}`
    for (const [field, { value, file }] of merge.changes) {
      const database = state.files.find((it) => it.name === file)?.sides?.now[field] ?? null
      differences.push({ path: about(file), field, changed: 'file', file: value, database })
    }
    for (const { field, files, file, database } of merge.conflicts) {
      const changed = isGenerated(field) ? 'file' : 'both'
      differences.push({ path: about(files[0]), field, changed, file, database })
    }
    const told = new Set([...merge.changes.keys(), ...merge.conflicts.map((it) => it.field)])
    for (const { path, sides } of state.files) {
      for (const [field, database] of Object.entries(sides?.now ?? {})) {
        const file = sides?.file[field] ?? null
        if (told.has(field) || isGenerated(field) || isSame(file, database)) continue
        differences.push({ path, field, changed: 'database', file, database })
      }
    }
    if (differences.length > before) continue
    const settled = { state, conflicts: [], applied: [], refused: false }
    const { entity, madeFrom } = state
    const next = nextFiles(settled, { ground, texts, once, entity, madeFrom })
    differences.push(...next.writes.map(({ path }) => toWrite(path)))
  }
  const views = await nextViews(db, project.id, rows, texts, sets)
  const rest = leftOver(ground, survey, rows, texts)
  differences.push(...views.writes.map(({ path }) => toWrite(path)))
  differences.push(...[...views.removes, ...rest.removes].map(({ path }) => toWrite(path)))
  const problems = [...sets.problems(), ...survey.problems, ...views.problems, ...rest.problems]
  return { agrees: differences.length + problems.length === 0, differences, problems }
})

const toWrite = (path: string): Difference => ({
  path,
  field: null,
  changed: 'database',
  file: null,
  database: null,
})
