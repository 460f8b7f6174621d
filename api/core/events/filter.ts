import * as z from 'zod'
import { typesNamed } from './levels.ts'
import { meant, storedName } from './orchestration-names.ts'

/** Types of events as a query names them: `task.*,sprint.started`. */
export const typePatterns = z
  .string()
  .max(1000)
  .meta({
    description:
      'one or several, with commas between; task.* takes all that begin so, and orchestration.task.* the same',
  })
  .transform((value, context) =>
    value.split(',').flatMap((pattern) => {
      const types = typesNamed(storedName(pattern.trim()))
      if (types.length === 0) {
        context.addIssue({
          code: 'custom',
          message: `there is no type of event "${pattern}"; name one, such as sprint.started, or a family, such as task.*${meant(pattern.trim())}`,
        })
      }
      return types
    }),
  )

/** Which events: each field that is given must match. */
export interface EventFilter {
  id?: number | undefined
  type?: readonly string[] | undefined
  entity_type?: string | undefined
  entity_id?: number | undefined
  project_id?: number | undefined
  sprint_id?: number | undefined
  protocol_run_id?: number | undefined
  correlation_id?: string | undefined
  actor?: string | undefined
  session_key?: string | undefined
  agent?: string | undefined
}
