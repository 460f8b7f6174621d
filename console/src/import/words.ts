import type { ImportPreview } from '../api/types.ts'
import { spoken } from '../format/words.ts'

type Reason = ImportPreview['skipped'][number]['reason']

const reasons: Record<string, string> = {
  in_fence: 'stands in a code block',
  in_comment: 'stands in a comment',
  in_front_matter: 'stands in the front matter',
  checkbox_without_id: 'has no id such as T001',
  bullet_without_checkbox: 'has no checkbox',
  legend: 'explains the format',
  prose: 'is running text',
  heading_reference: 'is a heading that names a task',
  checkbox_reference: 'names another task',
  table_reference: 'is a table that names a task',
  dependency_on_unknown_id: 'depends on an id that is not in the file',
  dependency_on_itself: 'depends on itself',
  dependency_cycle: 'would close a circle of dependencies',
  dependency_too_broad: 'names too many dependencies at once',
}

/** Why a line was not taken, after “This line …”. */
export const reasonWords = (reason: Reason): string => reasons[reason] ?? spoken(reason)
