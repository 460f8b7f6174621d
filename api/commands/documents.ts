import * as z from 'zod'
import { Document, documentPath } from '../core/entities/document.ts'
import { id, idText, text } from '../core/entities/fields.ts'
import { byProject, command, listOf, page } from './command.ts'

export const putDocuments = command({
  name: 'document.put',
  summary: 'Store the texts that agents are given to read: those that are sent, no others',
  scope: 'work',
  method: 'put',
  path: '/projects/:project_id/documents',
  params: byProject,
  body: z.strictObject({
    documents: z
      .array(
        z.strictObject({
          path: documentPath,
          text: text(2_000_000).nullable().meta({ description: 'null: there is no such file now' }),
          commit_sha: text(100).nullish().meta({ description: 'the commit it was read at' }),
        }),
      )
      .max(1000)
      .refine(
        (them) => new Set(them.map(({ path }) => path)).size === them.length,
        'must not name a path twice',
      ),
  }),
  output: z
    .object({
      stored: z.array(text()).meta({ description: 'paths whose text was another one' }),
      removed: z.array(text()),
      unchanged: z.int(),
    })
    .meta({ id: 'StoredDocuments' }),
})

export const listDocuments = command({
  name: 'document.list',
  summary: 'List the documents of a project, without their texts',
  scope: 'read',
  method: 'get',
  path: '/projects/:project_id/documents',
  cli: 'document list',
  params: byProject,
  query: z.object({ ...page, path: documentPath.optional() }),
  output: listOf(Document),
})

export const referredDocuments = command({
  name: 'document.referred',
  summary: 'List the paths of the documents that tasks of open sprints refer to',
  scope: 'read',
  method: 'get',
  path: '/projects/:project_id/documents/referred',
  params: byProject,
  output: z.object({ items: z.array(text()) }).meta({ id: 'ReferredDocuments' }),
})

export const getDocument = command({
  name: 'document.get',
  summary: 'Read a document, or so much of it as is asked for',
  scope: 'read',
  method: 'get',
  path: '/documents/:document_id',
  tool: 'orchestration_document_get',
  cli: 'document show',
  params: z.object({ document_id: idText.meta({ description: 'as an init names it' }) }),
  query: z.object({
    offset: z.coerce
      .number()
      .int()
      .min(0)
      .default(0)
      .meta({ description: 'characters to leave out at its beginning' }),
    length: z.coerce
      .number()
      .int()
      .min(1)
      .max(2_000_000)
      .default(100_000)
      .meta({ description: 'characters to answer at most' }),
  }),
  output: Document.extend({
    id,
    text: text(2_000_000),
    offset: z.int(),
    next_offset: z.int().nullable().meta({ description: 'where the rest begins' }),
  }).meta({ id: 'DocumentText' }),
})
