import { adrPath } from '../../core/delegation/render-adr.ts'
import type { Adr } from '../../core/entities/adr.ts'
import type { AdrRow } from '../../store/adrs.ts'

/** What the world sees of a kept record. */
export const seen = (row: AdrRow): Adr => ({ ...row, path: adrPath(row) })

/** Whom an event about a record is told to. */
export const about = (adr: Pick<AdrRow, 'id' | 'project_id' | 'sprint_id'>) => ({
  entity_type: 'adr',
  entity_id: adr.id,
  project_id: adr.project_id,
  sprint_id: adr.sprint_id,
})
