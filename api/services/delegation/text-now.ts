import { agentFile, sprintFile, taskFile } from '../../core/delegation/lay-out.ts'
import type { FileName } from '../../core/delegation/paths.ts'
import type { TemplateSets } from '../../core/delegation/template-sets.ts'
import type { Entity } from './ground.ts'

/**
 * A file as its template makes it of the database.
 * @throws TemplateProblem
 */
export function textNow(entity: Entity, name: FileName, sets: TemplateSets, ours = false): string {
  const of = (kind: 'sprint' | 'task' | 'agent') =>
    ours ? sets.plain(kind) : sets.of(kind, entity.template)
  if (entity.type === 'sprint') return sprintFile(of('sprint'), entity.about)
  return name === 'TASK.md'
    ? taskFile(of('task'), entity.about)
    : agentFile(of('agent'), entity.about)
}
