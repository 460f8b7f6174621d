import type { WebhookAnswer } from '../../commands/notices.ts'
import type { Project } from '../../core/entities/project.ts'
import { jobIdOf } from '../../core/job-id.ts'
import type { ClaimedDelivery } from '../../store/webhook-deliveries.ts'
import { switchedOffBy } from '../integration.ts'
import type { Runtime, Work } from '../runtime.ts'
import { specFolder } from '../spec/path.ts'

/** Why hooks start nothing for a project now; null where they do. */
export function integrationOff(runtime: Runtime, project: Project): string | null {
  const by = switchedOffBy(runtime, project)
  if (by === null) return null
  return by === 'environment'
    ? 'The sprint integration is off (DEVGODZILLA_ENABLE_SPRINT_INTEGRATION).'
    : `The sprint integration of the project ${project.slug} is off (its settings).`
}

interface Hook extends ClaimedDelivery {
  source: 'speckit' | 'github'
  /** What the sender says has happened. */
  told: string | null
}

/**
 * Has specs read again, by a flow each: told as events, on which a handler acts, so that a hook
 * once acknowledged is lost neither with this process nor with Windmill. `paths` may name a folder
 * or its tasks.md, and may name it twice.
 */
export async function readAgain(
  work: Work,
  { id, received_at, source, told }: Hook,
  wanted: readonly { project: Project; paths: readonly string[] }[],
): Promise<WebhookAnswer['specs']> {
  const specs = wanted.flatMap(({ project, paths }) =>
    [...new Set(paths.map(specFolder))].map((spec_path) => {
      const job_id = jobIdOf('webhook', id, received_at, project.id, spec_path)
      return { project, spec_path, job_id }
    }),
  )
  await work.record(
    ...specs.map(({ project, ...spec }) => ({
      type: 'webhook.received' as const,
      entity_type: 'webhook_delivery',
      entity_id: id,
      project_id: project.id,
      payload: { source, told, ...spec },
    })),
  )
  return specs.map(({ project, ...spec }) => ({ project: project.slug, ...spec }))
}
