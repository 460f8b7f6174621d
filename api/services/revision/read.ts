import {
  diffSprint as diffSprintCommand,
  diffTask as diffTaskCommand,
  sprintHistory as sprintHistoryCommand,
  sprintRevision as sprintRevisionCommand,
  taskHistory as taskHistoryCommand,
  taskRevision as taskRevisionCommand,
} from '../../commands/revisions.ts'
import type { FieldDifference } from '../../core/entities/revision.ts'
import { invalid } from '../../core/errors.ts'
import { contentOf, differences } from '../../core/revisions/differences.ts'
import type { Db } from '../../store/database.ts'
import type { Page } from '../../store/page.ts'
import { historyOf } from '../../store/revisions.ts'
import { query } from '../query.ts'
import { named, newest, type Of, ofSprint, ofTask } from './named.ts'

export const taskHistory = query(taskHistoryCommand, ({ db }, { task_id, ...page }) =>
  history(db, ofTask(task_id), page),
)
export const sprintHistory = query(sprintHistoryCommand, ({ db }, { sprint_id, ...page }) =>
  history(db, ofSprint(sprint_id), page),
)

export const taskRevision = query(taskRevisionCommand, ({ db }, { task_id, revision }) =>
  named(db, ofTask(task_id), revision),
)
export const sprintRevision = query(sprintRevisionCommand, ({ db }, { sprint_id, revision }) =>
  named(db, ofSprint(sprint_id), revision),
)

export const diffTask = query(diffTaskCommand, ({ db }, { task_id, from, to }) =>
  diff(db, ofTask(task_id), from, to),
)
export const diffSprint = query(diffSprintCommand, ({ db }, { sprint_id, from, to }) =>
  diff(db, ofSprint(sprint_id), from, to),
)

async function history(db: Db, of: Of, page: Page) {
  await newest(db, of)
  const { items, next_cursor } = await historyOf(db, of, page)
  return {
    items: items.map(({ entity_type, entity_id, project_id, content, before, ...link }) => {
      const [was, is] = [contentOf(before), contentOf(content)]
      const found = differences(was, is)
      return {
        ...link,
        fields: found.map((it) => it.field),
        changes: was === null || is === null ? [] : found.filter(fitsLine).map(withoutLines),
      }
    }),
    next_cursor,
  }
}

/** As JSON, in characters. */
const longestInLine = 200
const fitsLine = ({ from, to, lines }: FieldDifference) =>
  lines === undefined && [from, to].every((side) => JSON.stringify(side).length <= longestInLine)
const withoutLines = ({ field, from, to }: FieldDifference) => ({ field, from, to })

async function diff(db: Db, of: Of, from: string | undefined, to: string | undefined) {
  const later = to === undefined ? await newest(db, of) : await named(db, of, to)
  if (from === undefined && later.number === 1) {
    throw invalid('to', 'two_revisions', 'the first revision has none before it; name another')
  }
  const earlier = await named(db, of, from ?? String(later.number - 1))
  return {
    from: { number: earlier.number, hash: earlier.hash },
    to: { number: later.number, hash: later.hash },
    fields: differences(contentOf(earlier.content), contentOf(later.content)),
  }
}
