import * as z from 'zod'
import { id, text, timestamp } from './fields.ts'

/** A path within a repository, as Git has it: no way out of it, and nothing of Git's own. */
const isWithin = (path: string) =>
  !/[\\\p{Cc}]/u.test(path) &&
  path.split('/').every((part) => !['', '.', '..'].includes(part) && part.toLowerCase() !== '.git')

export const documentPath = text(1000)
  .min(1)
  .refine(
    isWithin,
    'must be a path within the repository, such as docs/api.md: with /, without . or .. or a leading /',
  )

export const Document = z
  .object({
    id,
    project_id: id,
    path: documentPath,
    sha256: text().meta({ description: 'of its text in UTF-8' }),
    commit_sha: text().nullable(),
    tokens: z.int().meta({ description: 'of the whole text, estimated from above' }),
    updated_at: timestamp,
  })
  .meta({ id: 'Document', description: 'The text of a file that agents are given to read' })
export type Document = z.infer<typeof Document>
