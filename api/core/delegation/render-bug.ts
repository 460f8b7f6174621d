import { priorityNumber } from '../entities/other-names.ts'
import type { Task } from '../entities/task.ts'
import { oneLine } from '../one-line.ts'
import { fileSlug } from './file-slug.ts'
import type { Prepared } from './render.ts'
import { listSection, section } from './section.ts'

const folder = 'delegation/backlog/'

/**
 * `delegation/backlog/cart-loses-items.md`, or `…-2.md` and so on where `taken` has that: nothing
 * is ever written over.
 */
export function bugPath(title: string, taken: ReadonlySet<string>): string {
  const slug = fileSlug(title, 'bug')
  for (let nth = 1; ; nth++) {
    const path = `${folder}${slug}${nth === 1 ? '' : `-${nth}`}.md`
    if (!taken.has(path)) return path
  }
}
/** What the paths that a title may get begin with. */
export const bugPathStart = (title: string) => `${folder}${fileSlug(title, 'bug')}`

interface BugDetails {
  problem: string
  reproduction: string
  expected: string
  actual: string
  technical_context: string
  proposed_solution: string
  files: readonly string[]
  related: readonly string[]
}

/** What a report says, as the description of its task: there people go on writing. */
export const bugDescription = (bug: BugDetails): string =>
  [
    ...section('Problem', bug.problem),
    ...section('Reproduction', bug.reproduction),
    ...section('Expected', bug.expected),
    ...section('Actual', bug.actual),
    ...section('Technical context', bug.technical_context),
    ...section('Proposed solution', bug.proposed_solution),
    ...listSection('Files', bug.files),
    ...listSection('Related', bug.related),
  ]
    .join('\n')
    .trimEnd()

export interface Bug
  extends Pick<
    Task,
    'code' | 'title' | 'description' | 'priority' | 'board_status' | 'created_at'
  > {
  path: string
  component: string | null
  effort: string | null
}

/** A bug report as a file of the repository, as its task stands now. @throws TemplateProblem */
export const renderBug = (bug: Bug, template: Prepared): string =>
  template.render({ bug: bugVariables(bug) })

/** What BUG.md may name; null where nothing was said. */
const bugVariables = (bug: Bug) => ({
  title: oneLine(bug.title),
  code: bug.code,
  status: bug.board_status,
  created: bug.created_at.slice(0, 10),
  priority: `${priorityNumber(bug.priority)} (${bug.priority})`,
  component: oneLine(bug.component ?? '') || null,
  effort: oneLine(bug.effort ?? '') || null,
  description: bug.description.trimEnd() || null,
})
