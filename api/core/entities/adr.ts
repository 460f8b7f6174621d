import * as z from 'zod'
import { id, name, text, timestamp } from './fields.ts'

export const adrStatus = z.enum(['proposed', 'accepted', 'rejected', 'deprecated', 'superseded'])
export type AdrStatus = z.infer<typeof adrStatus>

/** People write the number they expect before a title ("ADR-006: …"); the number is ours. */
const withoutNumber = (title: string) =>
  title.replace(/^\s*ADR[-_ ]?\d+\s*(?:[:.–—-]\s*|$)/i, '').trim()

export const adrTitle = name(10_000)
  .transform(withoutNumber)
  .refine((title) => title !== '', 'must say more than a number')

export const adrNumber = z.int().min(1).max(2_147_483_647)

export const Adr = z
  .object({
    id,
    project_id: id,
    number: adrNumber.meta({ description: 'in its project, from 1 without gaps' }),
    title: text(10_000),
    status: adrStatus,
    date: z.iso.date().meta({ description: 'of the decision' }),
    deciders: z.array(text(200)),
    context: text(),
    decision: text(),
    consequences: text(),
    alternatives: text(),
    supersedes: z.array(adrNumber).meta({ description: 'numbers of those it takes the place of' }),
    superseded_by: adrNumber.nullable(),
    sprint_id: id.nullable(),
    task_id: id.nullable(),
    path: text().meta({ description: 'of its file in the repository' }),
    created_by: text(),
    created_at: timestamp,
    updated_at: timestamp,
  })
  .meta({ id: 'Adr', description: 'An architecture decision record' })
export type Adr = z.infer<typeof Adr>
