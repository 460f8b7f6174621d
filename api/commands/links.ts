import * as z from 'zod'
import { id, name } from '../core/entities/fields.ts'
import { ProtocolRun } from '../core/entities/protocol.ts'
import { Sprint } from '../core/entities/sprint.ts'
import { byProtocol, bySprint, command } from './command.ts'
import { sprintDays } from './sprints.ts'

/** What a sync of a protocol run into its sprint did; running it again does nothing. */
export const SyncReport = z
  .object({
    sprint_id: id,
    protocol_run_id: id,
    created: z.array(id).meta({ description: 'ids of new tasks' }),
    updated: z.array(id),
    archived: z.array(id),
    missing: z
      .array(id)
      .meta({ description: 'steps left without a task, since create_missing_tasks is false' }),
    unchanged: z.int(),
  })
  .meta({ id: 'SyncReport' })
export type SyncReport = z.infer<typeof SyncReport>

const syncBody = z.strictObject({ create_missing_tasks: z.boolean().default(true) })

export const linkProtocol = command({
  name: 'sprint.link_protocol',
  summary: 'Link a protocol run to this sprint',
  scope: 'plan',
  method: 'post',
  path: '/sprints/:sprint_id/actions/link-protocol',
  params: bySprint,
  body: z
    .strictObject({ protocol_run_id: id, auto_sync: z.boolean().default(true) })
    .meta({ id: 'LinkProtocolRequest' }),
  output: ProtocolRun,
})

export const syncFromProtocol = command({
  name: 'sprint.sync_from_protocol',
  summary: 'Bring the steps of the linked protocol run onto this sprint’s board',
  scope: 'plan',
  method: 'post',
  path: '/sprints/:sprint_id/actions/sync-from-protocol',
  params: bySprint,
  body: syncBody,
  output: SyncReport,
})

export const createSprintFromProtocol = command({
  name: 'protocol.create_sprint',
  summary: 'Create the sprint of a protocol run, and link the two',
  scope: 'plan',
  method: 'post',
  path: '/protocols/:protocol_id/actions/create-sprint',
  status: 201,
  params: byProtocol,
  body: z
    .strictObject({
      sprint_name: name().nullish().meta({ description: 'default: "<protocol> Sprint"' }),
      ...sprintDays,
      auto_sync: z.boolean().default(true),
    })
    .meta({ id: 'CreateSprintFromProtocolRequest' }),
  output: Sprint,
})

export const getProtocolSprint = command({
  name: 'protocol.sprint',
  summary: 'Read the sprint made from a protocol run',
  scope: 'read',
  method: 'get',
  path: '/protocols/:protocol_id/sprint',
  params: byProtocol,
  output: Sprint,
})

export const syncToSprint = command({
  name: 'protocol.sync_to_sprint',
  summary: 'Bring the steps of this run onto its sprint’s board',
  scope: 'plan',
  method: 'post',
  path: '/protocols/:protocol_id/actions/sync-to-sprint',
  params: byProtocol,
  body: syncBody,
  output: SyncReport,
})
