import * as z from 'zod'
import { Adr, adrNumber, adrStatus, adrTitle } from '../core/entities/adr.ts'
import { id, name, text } from '../core/entities/fields.ts'
import { byProject, command, listOf, page } from './command.ts'

const byAdr = byProject.extend({
  number: z.coerce.number().pipe(adrNumber).meta({ description: 'its number in the project' }),
})

const texts = {
  date: z.iso.date().meta({ description: 'of the decision, such as 2026-01-31; default: today' }),
  deciders: z.array(name(200)).max(50).meta({ description: 'who decides' }),
  context: text().meta({ description: 'what makes a decision necessary' }),
  decision: text().meta({ description: 'what is decided' }),
  consequences: text().meta({ description: 'what follows, good and bad' }),
  alternatives: text().meta({ description: 'what else was thought of, and why not' }),
}

export const createAdr = command({
  name: 'adr.create',
  summary: 'Write down an architecture decision (ADR); its number is given',
  scope: 'work',
  method: 'post',
  path: '/adrs',
  status: 201,
  tool: 'orchestration_adr_create',
  cli: 'adr create',
  body: z.strictObject({
    project_id: id.optional().meta({
      description: 'default: that of its sprint, task or session, else the only one there is',
    }),
    title: adrTitle.meta({ description: 'one line; a number such as "ADR-006:" is left out' }),
    status: adrStatus
      .exclude(['superseded'])
      .default('proposed')
      .meta({ description: 'what supersedes a decision says so itself' }),
    ...z.object(texts).partial().shape,
    supersedes: z
      .array(adrNumber)
      .max(100)
      .default([])
      .meta({ description: 'numbers of decisions whose place it takes' }),
    sprint_id: id.nullish(),
    task_id: id.nullish(),
  }),
  output: Adr,
})

export const listAdrs = command({
  name: 'adr.list',
  summary: 'List architecture decisions, by number',
  scope: 'read',
  method: 'get',
  path: '/projects/:project_id/adrs',
  tool: 'orchestration_adr_list',
  cli: 'adr list',
  params: byProject,
  query: z.object({ ...page, status: adrStatus.optional() }),
  brief: ['number', 'status', 'title', 'date', 'superseded_by', 'path'],
  output: listOf(Adr),
})

export const getAdr = command({
  name: 'adr.get',
  summary: 'Read an architecture decision',
  scope: 'read',
  method: 'get',
  path: '/projects/:project_id/adrs/:number',
  cli: 'adr show',
  params: byAdr,
  output: Adr,
})

export const updateAdr = command({
  name: 'adr.update',
  summary: 'Accept, reject or complete an architecture decision, or say what takes its place',
  scope: 'work',
  method: 'patch',
  path: '/projects/:project_id/adrs/:number',
  cli: 'adr update',
  params: byAdr,
  body: z.strictObject({
    status: adrStatus.optional(),
    superseded_by: adrNumber
      .optional()
      .meta({ description: 'number of the later decision that takes its place' }),
    ...z.object(texts).partial().shape,
  }),
  output: Adr,
})
