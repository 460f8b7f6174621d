import type { Adr } from '../entities/adr.ts'
import { oneLine } from '../one-line.ts'
import { fileSlug } from './file-slug.ts'
import type { Prepared } from './render.ts'
import { written } from './section.ts'

const named = (number: number) => `ADR-${String(number).padStart(3, '0')}`

/** `docs/adr/ADR-007-use-event-sourcing.md`; the title of a record never changes. */
export const adrPath = ({ number, title }: Pick<Adr, 'number' | 'title'>): string =>
  `docs/adr/${named(number)}-${fileSlug(title, 'decision')}.md`

/** A decision as a file of the repository. @throws TemplateProblem */
export const renderAdr = (adr: Omit<Adr, 'path'>, template: Prepared): string =>
  template.render({ adr: adrVariables(adr) })

/** What ADR.md may name; null where nothing was said. */
const adrVariables = (adr: Omit<Adr, 'path'>) => ({
  name: named(adr.number),
  title: oneLine(adr.title),
  date: adr.date,
  status: adr.status,
  deciders: adr.deciders.map(oneLine).join(', ') || null,
  supersedes: adr.supersedes.map(named).join(', ') || null,
  superseded_by: adr.superseded_by === null ? null : named(adr.superseded_by),
  context: written(adr.context),
  decision: written(adr.decision),
  consequences: written(adr.consequences),
  alternatives: written(adr.alternatives),
})
