import * as z from 'zod'
import { id, metadata, name, text, timestamp } from './fields.ts'

export const specStatus = z.enum(['draft', 'active', 'archived'])

export const Spec = z
  .object({
    id,
    project_id: id,
    path: text().meta({ description: 'the feature folder, relative to the repository' }),
    name: name(),
    status: specStatus,
    planning: metadata,
    content_hash: text().nullable().meta({ description: 'sha256 of the tasks.md last imported' }),
    commit_sha: text().nullable(),
    imported_at: timestamp.nullable(),
    imports: z.int().meta({ description: 'how many imports it has taken, for expected_imports' }),
    created_at: timestamp,
    updated_at: timestamp,
  })
  .meta({ id: 'Spec', description: 'One SpecKit feature folder' })
export type Spec = z.infer<typeof Spec>
