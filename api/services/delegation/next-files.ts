import { delegationLimits } from '../../commands/delegation.ts'
import { type Fields, isGenerated, type Json, type Problem } from '../../core/delegation/fields.ts'
import { fileKinds } from '../../core/delegation/file-kinds.ts'
import { inForm, plainText } from '../../core/delegation/text-form.ts'
import type { FileRow } from '../../store/delegation-files.ts'
import type { FileState } from './file-state.ts'
import { type Entity, type Ground, sha256Of } from './ground.ts'
import type { Once } from './once.ts'
import type { Settled } from './settle-edits.ts'
import type { Texts } from './survey.ts'

export interface Write {
  path: string
  text: string
  expected_sha256: string | null
}
export interface Remove {
  path: string
  expected_sha256: string
}

/** What the repository is to look like, and what is known of it now. */
export interface NextFiles {
  writes: Write[]
  removes: Remove[]
  rows: FileRow[]
  problems: Problem[]
}

interface Now {
  ground: Ground
  /** The task or sprint as it is after the edits of its files were taken. */
  entity: Entity
  madeFrom: string
  texts: Texts
  once: Once
}

/** The files of one task or sprint as they are to be after its edits were settled. */
export function nextFiles(settled: Settled, now: Now): NextFiles {
  const next: NextFiles = { writes: [], removes: [], rows: [], problems: [] }
  const hashes: string[] = []
  for (const file of settled.state.files) {
    const hash = nextFile(file, settled, now, next)
    if (hash !== null) hashes.push(`${hash}  ${file.name}`)
  }
  if (hashes.length === settled.state.files.length) {
    writeHashes(next, now.entity, hashes, now.texts)
  }
  for (const path of settled.state.misplaced) remove(next, path, now.texts)
  return next
}

function nextFile(file: FileState, settled: Settled, now: Now, next: NextFiles): string | null {
  const { ground, entity, madeFrom, once } = now
  const rendered = once.text(entity, madeFrom, file.name, ground.sets)
  const kind = fileKinds[file.name]
  const shown = once.read(file.name, rendered).fields
  const kept = settled.conflicts.filter(
    (it) => it.files.includes(file.name) && !isGenerated(it.field),
  )
  const { found } = file
  let raw = rendered
  // As the template left it: nothing of anybody is in it, so it says what the template says now.
  if (found && kept.length === 0 && found.text === file.base?.rendered) {
    raw = inForm(rendered, found.form)
  } else if (found) {
    try {
      const plain = once.text(entity, madeFrom, file.name, ground.sets, true)
      const wanted = wantedFields(found.reading.fields, shown, once.read(file.name, plain).fields)
      for (const { field } of kept) wanted[field] = found.reading.fields[field] ?? null
      const texts = { file: found.text, before: file.base?.rendered ?? null, now: rendered, plain }
      const text = kind.write(texts, wanted)
      raw = text === found.text ? found.raw : inForm(text, found.form)
    } catch (error) {
      const message = `cannot be written: ${error instanceof Error ? error.message : error}`
      next.problems.push({ path: file.path, line: null, column: null, message })
      return null
    }
  }
  if (raw.length > delegationLimits.fileLength) {
    const message = `would be longer than ${delegationLimits.fileLength} characters; shorten its texts`
    next.problems.push({ path: file.path, line: null, column: null, message })
    return null
  }
  const sha256 = sha256Of(raw)
  const base = found ? mergedBase(file, kept) : null
  const same = found?.path === file.path && found.sha256 === sha256
  const offered = offeredBase(once.read(file.name, plainText(raw).text).fields, base, kept)
  next.rows.push({
    path: file.path,
    entity_type: entity.type,
    entity_id: entity.id,
    base_fields: same ? offered : base,
    base_rendered: same ? rendered : (file.base?.rendered ?? null),
    base_sha256: found?.sha256 ?? null,
    offered_fields: same ? null : offered,
    offered_rendered: same ? null : rendered,
    offered_sha256: same ? null : sha256,
    // What is in conflict is told again by each sync.
    made_from: kept.length > 0 ? null : madeFrom,
  })
  if (!same) {
    const expected_sha256 = found?.path === file.path ? found.sha256 : null
    next.writes.push({ path: file.path, text: raw, expected_sha256 })
  }
  return sha256
}

/** What a file is to say: what the database does, in those places that it or its template has. */
function wantedFields(file: Fields, shown: Fields, plain: Fields): Record<string, Json> {
  const wanted: Record<string, Json> = { ...shown }
  for (const field of Object.keys(file)) {
    if (field in wanted) continue
    const value = plain[field]
    if (value !== undefined) wanted[field] = value
    else if (isGenerated(field)) wanted[field] = file[field] ?? null
  }
  return wanted
}

/** What the file said when it was read is what is merged now, but for what is in conflict. */
export function mergedBase(file: FileState, kept: readonly { field: string }[]): Fields {
  const said: Record<string, Json> = { ...file.found?.reading.fields }
  return withOld(said, file.base?.fields ?? {}, kept)
}

const offeredBase = (said: Fields, base: Fields | null, kept: readonly { field: string }[]) =>
  withOld({ ...said }, base ?? {}, kept)

function withOld(
  fields: Record<string, Json>,
  old: Fields,
  kept: readonly { field: string }[],
): Fields {
  for (const { field } of kept) {
    if (field in old) fields[field] = old[field] ?? null
    else delete fields[field]
  }
  return fields
}

/** `.hash`: the newest revision, and what its files are at that. It is never read back. */
export function writeHashes(
  next: Pick<NextFiles, 'writes'>,
  entity: Entity,
  hashes: readonly string[],
  texts: Texts,
): void {
  const revision = entity.type === 'sprint' ? entity.about.sprintRevision : entity.about.revision
  const path = `${entity.folder}/.hash`
  const text = `${[`revision ${revision}`, ...hashes].join('\n')}\n`
  const found = texts.get(path)
  if (found === text) return
  const expected_sha256 = found === undefined ? null : sha256Of(found)
  next.writes.push({ path, text, expected_sha256 })
}

/** Rows of files whose task or sprint has them somewhere else now. */
export function movedAway(rows: readonly FileRow[], next: readonly FileRow[]): string[] {
  const named = (row: FileRow) =>
    `${row.entity_type} ${row.entity_id} ${row.path.split('/').at(-1)}`
  const places = new Map(next.map((row) => [named(row), row.path]))
  return rows
    .filter((row) => row.entity_type === 'sprint' || row.entity_type === 'task')
    .filter((row) => (places.get(named(row)) ?? row.path) !== row.path)
    .map((row) => row.path)
}

/** A file that has no place there any more, with the hashes beside it. */
export function remove(next: Pick<NextFiles, 'removes'>, path: string, texts: Texts): void {
  const hashes = `${path.slice(0, path.lastIndexOf('/'))}/.hash`
  for (const it of [path, hashes]) {
    const found = texts.get(it)
    if (found === undefined || next.removes.some((known) => known.path === it)) continue
    next.removes.push({ path: it, expected_sha256: sha256Of(found) })
  }
}
