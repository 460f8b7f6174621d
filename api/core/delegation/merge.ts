import { type Fields, isEmpty, isGenerated, isSame, type Json } from './fields.ts'

/** One file of a task or sprint, as far as it can be read. */
export interface FileSides {
  /** What the file says. */
  file: Fields
  /** What it said when file and database were last merged; null where they never were. */
  base: Fields | null
  /** What it would say by the database alone. */
  now: Fields
}

export interface FieldConflict {
  field: string
  base: Json
  database: Json
  /** What the file says; where two files say different things, what each says, by its name. */
  file: Json
  /** The files that keep what they say until somebody has decided. */
  files: readonly string[]
}

export interface Merge {
  /** What the files alone have changed. */
  changes: Map<string, { value: Json; file: string }>
  conflicts: FieldConflict[]
}

/**
 * Merges the files of one task or sprint with what the database says, field by field: changed in a
 * file alone → the file's, in the database alone → left to it, in both differently, or in two files
 * differently → a conflict. Without a base nobody can tell who changed a field: a difference is a
 * conflict there, unless the database says nothing.
 */
export function mergeFiles(sides: Readonly<Record<string, FileSides>>): Merge {
  const merge: Merge = { changes: new Map(), conflicts: [] }
  const names = new Set(
    Object.values(sides).flatMap(({ file, base }) => [
      ...Object.keys(file),
      ...Object.keys(base ?? {}),
    ]),
  )
  for (const field of names) mergeField(merge, field, sides)
  return merge
}

function mergeField(merge: Merge, field: string, sides: Readonly<Record<string, FileSides>>): void {
  const edits = Object.entries(sides).filter(([, side]) => isEdited(side, field))
  const different = edits.filter(([, side]) => !isSame(side.file[field], side.now[field]))
  const [first] = different
  if (!first) return
  const [name, side] = first
  const value = side.file[field] ?? null
  const agree = different.every(([, other]) => isSame(other.file[field], value))
  const moved = different.some(([, other]) => isMoved(other, field))
  if (agree && !moved && !isGenerated(field)) {
    merge.changes.set(field, { value, file: name })
    return
  }
  merge.conflicts.push({
    field,
    base: side.base?.[field] ?? null,
    database: side.now[field] ?? null,
    file: agree
      ? value
      : Object.fromEntries(different.map(([it, other]) => [it, other.file[field] ?? null])),
    files: different.map(([it]) => it),
  })
}

/** What is generated may be left out of a file, and is there anew with each change. */
function isEdited({ file, base }: FileSides, field: string): boolean {
  if (isGenerated(field)) {
    return base !== null && field in base && field in file && !isSame(file[field], base[field])
  }
  if (base === null) return field in file
  return !isSame(file[field], base[field])
}

/** Whether the database says otherwise than when they were last merged. */
function isMoved({ base, now }: FileSides, field: string): boolean {
  if (base === null || !(field in base)) return !isEmpty(now[field])
  return !isSame(base[field], now[field])
}
