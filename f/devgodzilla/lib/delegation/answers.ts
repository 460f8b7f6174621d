import * as z from 'zod'
import { Project } from '../answers.ts'

/** What the sync of files reads of the API's answers. */
export const DelegatingProject = Project.extend({
  settings: z.looseObject({ delegation: z.string().default('off') }),
})

export const Delegation = z.looseObject({
  mode: z.string(),
  /** Counts the syncs that changed anything: one says which it follows. */
  round: z.number(),
})

const problem = z.object({
  path: z.string(),
  line: z.number().nullish(),
  column: z.number().nullish(),
  message: z.string(),
})
const conflict = z.looseObject({ path: z.string(), field: z.string() })

export const DelegationSync = z.looseObject({
  writes: z.array(
    z.looseObject({ path: z.string(), text: z.string(), expected_sha256: z.string().nullable() }),
  ),
  removes: z.array(z.looseObject({ path: z.string(), expected_sha256: z.string() })),
  conflicts: z.array(conflict),
  problems: z.array(problem),
  applied: z.record(z.string(), z.number()),
  /** Another sync came between once that was applied: the files are to be read again. */
  overtaken: z.boolean().default(false),
})
export type DelegationSync = z.infer<typeof DelegationSync>

export const DelegationCheck = z.looseObject({
  agrees: z.boolean(),
  differences: z.array(
    z.looseObject({ path: z.string(), field: z.string().nullable(), changed: z.string() }),
  ),
  problems: z.array(problem),
})
export type DelegationCheck = z.infer<typeof DelegationCheck>

export const Confirmed = z.looseObject({ confirmed: z.number() })
