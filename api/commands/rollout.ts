import * as z from 'zod'
import { id, metadata, text } from '../core/entities/fields.ts'
import { byProject, command } from './command.ts'

const table = z.enum(['sprints', 'tasks', 'protocol_runs', 'step_runs'])
const because = z.array(text()).meta({ description: 'why, the strongest reason first' })
const confidence = z.number().min(0).max(1)

/** What would be linked to what. Ids are those of the dump where the plan is of a dump. */
export const SprintLinkPlan = z
  .object({
    project_id: id,
    source: z.enum(['tables', 'dump']),
    fingerprint: text().meta({ description: 'of everything the plan was made from' }),
    links: z.array(
      z.object({
        sprint: z.object({ id, name: text() }),
        protocol_run: z.object({ id, name: text() }),
        confidence,
        because,
        tasks: z.array(
          z.object({
            task: z.object({ id, title: text(), board_status: text() }),
            step: z.object({ id, name: text(), status: text() }),
            confidence,
            because,
          }),
        ),
      }),
    ),
    alone: z
      .array(z.object({ table, id, name: text(), why: text() }))
      .meta({ description: 'what is left as it is, and why' }),
    import: z
      .object({
        sprints: z.int(),
        tasks: z.int(),
        protocol_runs: z.int(),
        step_runs: z.int(),
        dependencies: z.int(),
        here_already: z.int().meta({ description: 'rows that an earlier import brought' }),
        notes: z
          .array(z.object({ table, id, note: text() }))
          .meta({ description: 'what will not be as the dump had it' }),
        bad_rows: z.array(
          z.object({ table, row: z.int(), id: text().nullable(), column: text(), rule: text() }),
        ),
        unread: z.array(text()).meta({ description: 'columns that nothing is read from' }),
      })
      .nullable(),
  })
  .meta({ id: 'SprintLinkPlan' })
export type SprintLinkPlan = z.infer<typeof SprintLinkPlan>

const rows = z.array(metadata).max(200_000).default([])
const source = {
  dump: z
    .strictObject({ sprints: rows, tasks: rows, protocol_runs: rows, step_runs: rows })
    .optional()
    .meta({ description: 'tables of an earlier version; without it, the project’s own' }),
  source_project_id: id.nullish().meta({ description: 'the project in the dump, of several' }),
}

export const planSprintLinks = command({
  name: 'project.plan_sprint_links',
  summary: 'Plan which sprints and tasks belong to which protocol runs; changes nothing',
  scope: 'plan',
  method: 'post',
  path: '/projects/:project_id/actions/plan-sprint-links',
  params: byProject,
  body: z.strictObject(source),
  output: SprintLinkPlan,
})

export const linkSprints = command({
  name: 'project.link_sprints',
  summary: 'Link existing sprints and tasks to protocol runs, by the plan made for them',
  scope: 'plan',
  method: 'post',
  path: '/projects/:project_id/actions/link-sprints',
  params: byProject,
  body: z.strictObject({
    ...source,
    fingerprint: text(100).optional().meta({
      description: 'of the plan that was reviewed; refused where it is no longer the plan',
    }),
    skip_bad_rows: z.boolean().default(false),
  }),
  output: SprintLinkPlan.meta({ id: 'LinkedSprints', description: 'the plan, carried out' }),
})
