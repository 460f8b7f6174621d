import * as z from 'zod'
import { id, name, text } from '../core/entities/fields.ts'
import { priorityByAnyName } from '../core/entities/other-names.ts'
import { Task } from '../core/entities/task.ts'
import { command } from './command.ts'

/** Short enough for all of them to be one description. */
const part = text(8_000).default('')

export const reportBug = command({
  name: 'bug.report',
  summary: 'Report a bug: a task in the backlog, or in a sprint, and its file',
  scope: 'work',
  method: 'post',
  path: '/bugs',
  status: 201,
  tool: 'orchestration_bug_report',
  cli: 'bug report',
  body: z.strictObject({
    project_id: id.optional().meta({
      description: 'default: that of its sprint or session, else the only one there is',
    }),
    sprint_id: id.nullish().meta({ description: 'default: the backlog' }),
    title: name(10_000),
    priority: priorityByAnyName.default('medium').meta({ description: 'P0 is critical, P3 low' }),
    component: name(200).nullish().meta({ description: 'which part is broken' }),
    effort: name(200).nullish().meta({ description: 'how much work it may be' }),
    problem: part.meta({ description: 'what is wrong, and for whom' }),
    reproduction: part.meta({ description: 'steps that show it' }),
    expected: part.meta({ description: 'what should happen' }),
    actual: part.meta({ description: 'what happens' }),
    technical_context: part.meta({ description: 'versions, logs, what you found out' }),
    proposed_solution: part,
    files: z.array(name(300)).max(50).default([]).meta({ description: 'paths concerned' }),
    related: z.array(name(100)).max(50).default([]).meta({ description: 'codes, links' }),
  }),
  output: Task.extend({
    path: text().meta({ description: 'of its file in the repository' }),
    component: text(200).nullable(),
    effort: text(200).nullable(),
  }).meta({ id: 'BugReport' }),
})
