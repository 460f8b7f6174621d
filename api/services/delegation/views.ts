import type { Problem } from '../../core/delegation/fields.ts'
import { TemplateProblem } from '../../core/delegation/render.ts'
import { adrPath, renderAdr } from '../../core/delegation/render-adr.ts'
import { renderBug } from '../../core/delegation/render-bug.ts'
import type { TemplateSets } from '../../core/delegation/template-sets.ts'
import { plainText } from '../../core/delegation/text-form.ts'
import { listAdrs } from '../../store/adrs.ts'
import { bugsOfProject } from '../../store/bugs.ts'
import type { Db } from '../../store/database.ts'
import type { FileRow } from '../../store/delegation-files.ts'
import { sha256Of } from './ground.ts'
import type { NextFiles } from './next-files.ts'
import type { Texts } from './survey.ts'

interface View {
  type: 'adr' | 'bug'
  id: number
  path: string
  /** Null where its template cannot be rendered. */
  text: string | null
}

/** The files of decisions and bug reports: shown to people, changed by their own commands alone. */
async function viewsOf(
  db: Db,
  projectId: number,
  sets: TemplateSets,
  problems: Problem[],
): Promise<View[]> {
  const views: View[] = []
  const rendered = (work: () => string) => {
    try {
      return work()
    } catch (error) {
      if (!(error instanceof TemplateProblem)) throw error
      problems.push(error.problem)
      return null
    }
  }
  let cursor: string | undefined
  do {
    const page = await listAdrs(db, { project_id: projectId, limit: 1000, cursor })
    for (const adr of page.items) {
      const text = rendered(() => renderAdr(adr, sets.of('adr', 'default')))
      views.push({ type: 'adr', id: adr.id, path: adrPath(adr), text })
    }
    cursor = page.next_cursor ?? undefined
  } while (cursor !== undefined)
  for (const bug of await bugsOfProject(db, projectId)) {
    const text = rendered(() => renderBug(bug, sets.of('bug', 'default')))
    views.push({ type: 'bug', id: bug.task_id, path: bug.path, text })
  }
  return views
}

const howToChange = {
  adr: 'adr.update',
  bug: 'task.update',
} as const

/** Writes them where they are missing or as they were left; a file that was edited is left alone. */
export async function nextViews(
  db: Db,
  projectId: number,
  rows: readonly FileRow[],
  texts: Texts,
  sets: TemplateSets,
): Promise<NextFiles> {
  const next: NextFiles = { writes: [], removes: [], rows: [], problems: [] }
  const known = new Map(rows.map((row) => [row.path, row]))
  const views = await viewsOf(db, projectId, sets, next.problems)
  const edited = (path: string, message: string) =>
    next.problems.push({ path, line: null, column: null, message })
  for (const { type, id, path, text } of views) {
    if (text === null) continue
    const found = texts.get(path)
    const row = known.get(path)
    const sha256 = sha256Of(text)
    const blank: FileRow = {
      ...{ path, entity_type: type, entity_id: id, made_from: null },
      ...{ base_fields: null, base_rendered: null, base_sha256: null },
      ...{ offered_fields: null, offered_rendered: null, offered_sha256: null },
    }
    if (found !== undefined && plainText(found).text === text) {
      const base_sha256 = sha256Of(found)
      if (row?.base_sha256 !== base_sha256 || row.offered_sha256 !== null) {
        next.rows.push({ ...blank, base_sha256 })
      }
      continue
    }
    const before = found === undefined ? null : sha256Of(found)
    const ours = before === null || before === row?.base_sha256 || before === row?.offered_sha256
    if (!ours) {
      const message = `was edited, and is only shown here: change it by ${howToChange[type]}, then undo the edit or delete the file`
      edited(path, message)
      continue
    }
    next.rows.push({ ...blank, base_sha256: before, offered_sha256: sha256 })
    next.writes.push({ path, text, expected_sha256: before })
  }
  const wanted = new Set(views.map((it) => it.path))
  for (const row of rows) {
    if ((row.entity_type !== 'adr' && row.entity_type !== 'bug') || wanted.has(row.path)) continue
    const found = texts.get(row.path)
    const before = found === undefined ? null : sha256Of(found)
    if (before !== null && [row.base_sha256, row.offered_sha256].includes(before)) {
      next.removes.push({ path: row.path, expected_sha256: before })
    }
  }
  return next
}
