import * as z from 'zod'
import { name, text } from '../core/entities/fields.ts'
import { slug } from '../core/entities/project.ts'
import { specPath } from './specs.ts'

/**
 * What comes in by webhook. None of it is taken for true: it says where to look again.
 */
export const SpecKitNotice = z
  .strictObject({
    project: slug.meta({ description: 'slug of the project' }),
    spec_path: specPath.optional(),
    file: specPath.optional().meta({
      description:
        'a file that was written, in place of spec_path; others than tasks.md are ignored',
    }),
    event: name(100).optional().meta({ description: 'what happened, such as tasks_changed' }),
    commit: text(100).optional(),
  })
  .refine(({ spec_path, file }) => (spec_path === undefined) !== (file === undefined), {
    path: ['spec_path'],
    message: 'give either spec_path or file',
  })
  .meta({ id: 'SpecKitNotice' })
export type SpecKitNotice = z.infer<typeof SpecKitNotice>

export const WindmillNotice = z
  .strictObject({
    job_id: z.guid().transform((id) => id.toLowerCase()),
    path: text(500).optional(),
    success: z.boolean().optional(),
  })
  .meta({ id: 'WindmillNotice' })
export type WindmillNotice = z.infer<typeof WindmillNotice>

export const WebhookAnswer = z
  .object({
    delivery_id: text(),
    outcome: z.enum(['accepted', 'ignored']),
    detail: text().meta({ description: 'what will be done, or why nothing will' }),
    specs: z.array(z.object({ project: slug, spec_path: text(), job_id: z.uuid() })).meta({
      description:
        'the specs that will be read again, each by this job of Windmill, or by that of a newer hook which came before it began',
    }),
  })
  .meta({ id: 'WebhookAnswer' })
export type WebhookAnswer = z.infer<typeof WebhookAnswer>
