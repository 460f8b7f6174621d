import postgres from 'postgres'
import { conflict, DomainError, type ErrorCode } from '../core/errors.ts'

/** What a broken constraint of the database means to the one who asked. */
const meanings: Record<string, [ErrorCode, string, field?: string]> = {
  projects_slug_key: ['conflict', 'This slug is taken; choose another one.'],
  specs_project_id_path_key: ['conflict', 'The project has a spec at this path; use that one.'],
  sprints_code_key: ['conflict', 'This sprint code is taken; choose another one or give none.'],
  tasks_code_key: ['conflict', 'This task code is taken; choose another one or give none.'],
  one_protocol_run_per_sprint: [
    'conflict',
    'Another protocol run is linked to this sprint; a sprint has one protocol run at most.',
  ],
  one_task_per_step_run: ['conflict', 'The step has a task already.'],
  one_step_run_per_task: ['conflict', 'The task has a step already.'],
  one_task_per_spec_key: ['conflict', 'The spec has a task with this id already.'],
  agent_profiles_code_key: [
    'conflict',
    'There is a profile of this agent already; change that one.',
    'code',
  ],
  no_orphan_task: [
    'conflict',
    'A task without sprint, protocol run and spec is in the backlog or archived; give it a sprint, or the status backlog.',
  ],
  no_dependency_cycle: [
    'conflict',
    'These dependencies would form a circle; remove one of them first, or make it a suggestion.',
  ],
  one_live_claim_per_task: [
    'conflict',
    'Another agent has just claimed this task; ask for the next one.',
  ],
  no_self_dependency: ['invalid', 'A task cannot depend on itself.', 'depends_on_id'],
  one_saved_view_per_name: [
    'conflict',
    'The project has a view of this name; choose another name, or change that view.',
    'name',
  ],
  sprint_ends_after_it_starts: ['invalid', 'end_date must not lie before start_date.', 'end_date'],
  step_index_unique_in_run: ['conflict', 'Two steps of the run would have the same place.'],
  step_name_unique_in_run: ['conflict', 'Another step of the run has this name; choose another.'],
}

/** The refusal a database error stands for; an error that means nothing here is left as it is. */
export function explained(error: unknown): unknown {
  if (!(error instanceof postgres.PostgresError)) return error
  const rule = error.constraint_name ?? ''
  const meaning = meanings[rule]
  if (meaning) {
    const [code, message, field] = meaning
    const fields = field === undefined ? [] : [{ field, message }]
    return new DomainError(code, rule, message, { fields, cause: error })
  }
  if (error.code === '23503') {
    return conflict(
      'same_project',
      `A row that this names is gone, or belongs to another project (${rule}).`,
    )
  }
  return error
}
