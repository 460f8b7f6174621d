import type { Problem } from '../../core/delegation/fields.ts'
import { namedBy } from '../../core/delegation/paths.ts'
import { plainText } from '../../core/delegation/text-form.ts'
import type { Project } from '../../core/entities/project.ts'
import { didYouMean, nearestOf } from '../../core/nearest.ts'
import type { FileRow } from '../../store/delegation-files.ts'
import { type Ground, sha256Of } from './ground.ts'
import { type Remove, remove } from './next-files.ts'
import type { Survey, Texts } from './survey.ts'

/**
 * What is known of files, or lies in the repository, of nothing that has files any more. It goes,
 * unless somebody has written into it: then it stays.
 */
export function leftOver(
  ground: Ground,
  survey: Survey,
  rows: readonly FileRow[],
  texts: Texts,
): { removes: Remove[]; forgotten: string[]; problems: Problem[] } {
  const removes: Remove[] = []
  const forgotten: string[] = []
  const problems: Problem[] = []
  const kept = new Set(ground.entities.map((it) => `${it.type} ${it.id}`))
  const handled = new Set(survey.claimed)
  for (const row of rows) {
    if (row.entity_type !== 'sprint' && row.entity_type !== 'task') continue
    if (kept.has(`${row.entity_type} ${row.entity_id}`)) continue
    const raw = texts.get(row.path)
    if (raw === undefined) {
      forgotten.push(row.path)
      continue
    }
    handled.add(row.path)
    const { text } = plainText(raw)
    if (text === row.base_rendered || text === row.offered_rendered) {
      remove({ removes }, row.path, texts)
    } else if (![row.base_sha256, row.offered_sha256].includes(sha256Of(raw))) {
      problems.push({
        ...{ path: row.path, line: null, column: null },
        message:
          'was edited, but what it is of is archived or in no sprint: the edit is not taken; undo it, or delete the file',
      })
    }
  }
  for (const path of texts.keys()) {
    const named = namedBy(path)
    if (!named || handled.has(path)) continue
    problems.push({ path, line: null, column: null, message: unknown(ground, named) })
  }
  return { removes, forgotten, problems }
}

function unknown(
  { entities, project }: Pick<Ground, 'entities'> & { project: Project },
  { sprint, task }: { sprint: string; task: string | null },
): string {
  const code = task ?? sprint
  const type = task === null ? 'sprint' : 'task'
  const of = entities.find((it) => it.type === type && it.row.code === code)
  if (of) return `the files of ${code} are in ${of.folder}: this one is not read`
  const codes = entities.filter((it) => it.type === type).map((it) => it.row.code)
  const near = nearestOf(code, codes, 3)
  return `${project.slug} has no ${type} ${code} in an open sprint.${didYouMean(near)} Make one with ${type} create; its files follow by themselves.`
}
