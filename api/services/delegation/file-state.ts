import {
  type Fields,
  isGenerated,
  isSame,
  type Json,
  type Problem,
  type Reading,
  settledField,
} from '../../core/delegation/fields.ts'
import type { FileSides } from '../../core/delegation/merge.ts'
import type { FileName } from '../../core/delegation/paths.ts'
import { requiredFields, saidByEach } from '../../core/delegation/taken-fields.ts'
import { plainText, type TextForm } from '../../core/delegation/text-form.ts'
import { priorityByAnyName, statusByAnyName } from '../../core/entities/other-names.ts'
import type { FileRow } from '../../store/delegation-files.ts'
import { type Entity, sha256Of } from './ground.ts'
import type { Once } from './once.ts'

/** A file as it was read in the repository. */
interface FoundFile {
  path: string
  raw: string
  sha256: string
  /** Without byte order mark, with plain line ends. */
  text: string
  form: TextForm
  reading: Reading
}

/** One file of a task or sprint: as it is, as it was, and as the database has it. */
export interface FileState {
  name: FileName
  /** Where it belongs. */
  path: string
  found: FoundFile | null
  base: { fields: Fields; rendered: string | null } | null
  /** What the template makes of the database. */
  now: string
  sides: FileSides | null
}

export const namesOf = (entity: Entity): readonly FileName[] =>
  entity.type === 'sprint' ? ['SPRINT.md'] : ['TASK.md', 'AGENT.yml']

export function foundFile(name: FileName, path: string, raw: string, once: Once): FoundFile {
  const { text, form } = plainText(raw)
  const reading = once.read(name, text)
  const fields = ourNames(reading.fields)
  return { path, raw, sha256: sha256Of(raw), text, form, reading: { ...reading, fields } }
}

/** Columns and priorities may be called as other trackers do. */
function ourNames(fields: Fields): Fields {
  const renamed: Record<string, Json> = { ...fields }
  const status = statusByAnyName.safeParse(fields.board_status)
  if (status.success) renamed.board_status = status.data
  const priority = priorityByAnyName.safeParse(fields.priority)
  if (priority.success) renamed.priority = priority.data
  return renamed
}

/** What is wrong with a file as it is: then it is left alone. */
export function problemsOf({ found, base }: Pick<FileState, 'found' | 'base'>): Problem[] {
  if (!found) return []
  const { path, reading } = found
  const unread = reading.problems.map((it) => ({ path, ...it }))
  if (unread.length > 0) return unread
  const missing = requiredFields.filter((field) => {
    const said = reading.fields[field]
    if (field in reading.fields) return said === null || said === ''
    return base !== null && field in base.fields
  })
  return missing.map((field) => ({
    path,
    line: reading.lines[field] ?? 1,
    column: 1,
    message: `${field}: must not be left out; put it back`,
  }))
}

/**
 * What the file was when it and the database were last merged. Where it may be what was offered
 * since, though nobody has said that it was written, the revision it shows tells.
 */
export function baseOf(row: FileRow | undefined, found: FoundFile | null): FileState['base'] {
  if (!row || !found) return null
  const base = row.base_fields && { fields: row.base_fields, rendered: row.base_rendered }
  const offered = row.offered_fields && {
    fields: row.offered_fields,
    rendered: row.offered_rendered,
  }
  const isOffered =
    offered !== null &&
    found.sha256 !== row.base_sha256 &&
    (found.sha256 === row.offered_sha256 || shows(found, offered.fields, base?.fields))
  const chosen = isOffered ? offered : base
  return chosen && { ...chosen, fields: withSettled(chosen.fields, found) }
}

const revisions = ['generated.Revision', 'generated.task_hash']

function shows({ reading }: FoundFile, offered: Fields, base: Fields | undefined): boolean {
  return revisions.some(
    (field) =>
      field in reading.fields &&
      isSame(reading.fields[field], offered[field]) &&
      !isSame(reading.fields[field], base?.[field]),
  )
}

/** What was decided against the file is no edit of it any more, as long as it says just that. */
function withSettled(base: Fields, { path, reading }: FoundFile): Fields {
  const prefix = settledField('')
  const entries = Object.entries(base)
  const fields: Record<string, Json> = Object.fromEntries(
    entries.filter(([key]) => !key.startsWith(prefix)),
  )
  const name = path.split('/').at(-1) ?? ''
  for (const [key, value] of entries.filter(([it]) => it.startsWith(prefix))) {
    const field = key.slice(prefix.length)
    const said = reading.fields[field]
    const decided = saidByEach(value) ? value[name] : value
    if (isSame(said, decided)) fields[field] = said ?? null
  }
  return fields
}

export const hasSettled = (row: FileRow): boolean =>
  [row.base_fields, row.offered_fields].some((fields) =>
    Object.keys(fields ?? {}).some((key) => key.startsWith(settledField(''))),
  )

/** The sides of a file that is there, for the merge. */
export function sidesOf(
  state: Pick<FileState, 'name' | 'found' | 'base' | 'now'>,
  plain: () => string,
  once: Once,
): FileSides | null {
  const { name, found, base, now } = state
  if (!found) return null
  const file = found.reading.fields
  const told: Record<string, Json> = { ...once.read(name, now).fields }
  const untold = Object.keys(file).filter((field) => !(field in told) && !isGenerated(field))
  if (untold.length > 0) {
    const ours = once.read(name, plain()).fields
    for (const field of untold) if (field in ours) told[field] = ours[field] ?? null
  }
  return { file, base: base?.fields ?? null, now: told }
}
