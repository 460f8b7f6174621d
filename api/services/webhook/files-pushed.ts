import type { Project } from '../../core/entities/project.ts'
import { referredDocuments } from '../../store/documents.ts'
import type { ClaimedDelivery } from '../../store/webhook-deliveries.ts'
import type { Work } from '../runtime.ts'

/** Where the files beside the database are, and the decisions. */
const besideDatabase = (path: string): boolean => /^(delegation|docs\/adr)\//.test(path)

/**
 * The projects of which one of these paths is a file beside the database, or a document that tasks
 * refer to.
 * @param all whether any other path may have changed as well
 */
export async function projectsToSync(
  work: Work,
  projects: readonly Project[],
  paths: readonly string[],
  all = false,
): Promise<Project[]> {
  const referred = await referredDocuments(
    work.tx,
    projects.map(({ id }) => id),
  )
  const touched = new Set(paths)
  return projects.filter(
    (project) =>
      (keepsFiles(project) && (all || paths.some(besideDatabase))) ||
      referred.some((it) => it.project_id === project.id && (all || touched.has(it.path))),
  )
}

export const willBeSynced = 'Files beside the database and documents for agents will be synced.'

const keepsFiles = ({ settings }: Project): boolean =>
  settings.delegation !== undefined && settings.delegation !== 'off'

/**
 * Has the files of these projects brought together with the database, and documents sent to it: told
 * as events, for a handler.
 */
export async function syncFiles(
  work: Work,
  { id, source, told }: ClaimedDelivery & { source: 'speckit' | 'github'; told: string | null },
  projects: readonly Project[],
): Promise<void> {
  await work.record(
    ...projects.map((project) => ({
      type: 'webhook.files_pushed' as const,
      entity_type: 'webhook_delivery',
      entity_id: id,
      project_id: project.id,
      payload: { source, told },
    })),
  )
}
