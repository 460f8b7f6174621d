import type { FieldConflict } from '../../core/delegation/merge.ts'
import { inForm } from '../../core/delegation/text-form.ts'
import type { FileState } from './file-state.ts'
import { sha256Of } from './ground.ts'
import { type NextFiles, type nextFiles, remove, writeHashes } from './next-files.ts'
import type { Settled } from './settle-edits.ts'
import type { EntityState } from './survey.ts'

/** Files that are a view are not merged: what somebody has edited is kept as a conflict. */
export const viewedOnly = (states: readonly EntityState[]): Settled[] =>
  states
    .filter((state) => !state.unchanged)
    .map((state) => ({
      state,
      conflicts: state.files.flatMap(edited),
      applied: [],
      refused: false,
    }))

function edited({ name, found, base, now }: FileState): FieldConflict[] {
  if (!found || found.text === now || found.text === base?.rendered) return []
  return [
    {
      field: `${name} (${found.sha256.slice(0, 8)})`,
      base: base?.rendered ?? null,
      database: now,
      file: found.text,
      files: [name],
    },
  ]
}

/** As `nextFiles`, but each file says what the template says. */
export const nextView: typeof nextFiles = (
  { state },
  { ground, entity, madeFrom, texts, once },
) => {
  const next: NextFiles = { writes: [], removes: [], rows: [], problems: [] }
  const hashes: string[] = []
  for (const { name, path, found } of state.files) {
    const rendered = once.text(entity, madeFrom, name, ground.sets)
    const text = found ? inForm(rendered, found.form) : rendered
    const sha256 = sha256Of(text)
    const same = found?.path === path && found.sha256 === sha256
    const view = { fields: once.read(name, rendered).fields, rendered, sha256 }
    next.rows.push({
      ...{ path, entity_type: entity.type, entity_id: entity.id, made_from: madeFrom },
      base_fields: same ? view.fields : null,
      base_rendered: same ? rendered : null,
      base_sha256: same ? sha256 : null,
      offered_fields: same ? null : view.fields,
      offered_rendered: same ? null : rendered,
      offered_sha256: same ? null : sha256,
    })
    const expected_sha256 = found?.path === path ? found.sha256 : null
    if (!same) next.writes.push({ path, text, expected_sha256 })
    hashes.push(`${sha256}  ${name}`)
  }
  if (hashes.length === state.files.length) writeHashes(next, entity, hashes, texts)
  for (const path of state.misplaced) remove(next, path, texts)
  return next
}
