import * as z from 'zod'
import { momentText, text } from '../core/entities/fields.ts'
import { StatusReport } from '../core/entities/status-report.ts'
import { command } from './command.ts'

const number = z.coerce.number().int().positive().optional()

export const getStatusReport = command({
  name: 'report.status',
  summary: 'Report how a project or a sprint stands: done, in progress, blocked, next, metrics',
  scope: 'read',
  method: 'get',
  path: '/reports/status',
  tool: 'orchestration_status_report',
  cli: 'report',
  query: z.object({
    project_id: number.meta({
      description: 'default: that of the sprint or session, else the only one there is',
    }),
    sprint_id: number,
    since: momentText.optional().meta({
      description: 'what was done then or later; default: the start of the sprint, else 7 days ago',
    }),
    format: z.enum(['markdown', 'json']).default('markdown'),
  }),
  output: z.object({
    markdown: text(1_000_000).nullable().meta({ description: 'null where JSON is asked for' }),
    report: StatusReport.nullable().meta({ description: 'null where markdown is asked for' }),
  }),
})
