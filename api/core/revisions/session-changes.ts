import { isDeepStrictEqual } from 'node:util'
import type { FieldDifference, RevisedEntity } from '../entities/revision.ts'
import { contentOf, differences } from './differences.ts'

type Json = FieldDifference['from']
/** A field before a session changed it, and after it did so last. */
interface FieldChange {
  base: Json
  to: Json
}

/** What a session did to an entity, all in all. */
export interface EntityChange {
  entity_type: RevisedEntity
  entity_id: number
  project_id: number
  code: string
  /** The session has made it: what it was at first is no change. */
  made: boolean
  /** How it is known to others: before and after the session's work. */
  titles: Json[]
  external_id: Json
  fields: Map<string, FieldChange>
}

interface Kept {
  entity_type: RevisedEntity
  entity_id: number
  project_id: number
  content: string
  before: string | null
}

/** Sums the revisions of a session up, by entity, in the order in which it touched them. */
export function sessionChanges(revisions: readonly Kept[]): EntityChange[] {
  const changes = new Map<string, EntityChange>()
  for (const { entity_type, entity_id, project_id, ...kept } of revisions) {
    const [before, content] = [contentOf(kept.before), contentOf(kept.content)]
    if (content === null) continue
    const key = `${entity_type} ${entity_id}`
    const change: EntityChange = changes.get(key) ?? {
      ...{ entity_type, entity_id, project_id, code: String(content.code) },
      ...{ made: before === null, titles: [], external_id: null, fields: new Map() },
    }
    change.titles.push(before?.title ?? null, content.title ?? null)
    change.external_id = content.external_id ?? null
    changes.set(key, change)
    if (before === null) {
      const status = entity_type === 'task' ? 'board_status' : 'status'
      change.fields.set(status, { base: content[status] ?? null, to: content[status] ?? null })
      continue
    }
    for (const { field, from, to } of differences(before, content)) {
      change.fields.set(field, { base: change.fields.get(field)?.base ?? from, to })
    }
  }
  return [...changes.values()]
}

/** What becomes of a field that is `present` now: nothing to do, its new value, or a conflict. */
export function replayed(
  field: string,
  { base, to }: FieldChange,
  present: Json,
): { value: Json } | 'there' | 'conflict' {
  if (isDeepStrictEqual(base, to) || isDeepStrictEqual(present, to)) return 'there'
  if (field === 'hand_set') return { value: together(base, to, present) }
  return isDeepStrictEqual(present, base) ? { value: to } : 'conflict'
}

/** Fields that a person has set: those of both sides. */
function together(base: Json, to: Json, present: Json): Json {
  const [had, has, now] = [base, to, present].map((it) => (Array.isArray(it) ? it : []))
  const added = (has ?? []).filter((it) => !(had ?? []).includes(it))
  return [...new Set([...(now ?? []), ...added])]
}
