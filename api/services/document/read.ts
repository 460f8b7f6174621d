import {
  getDocument as getCommand,
  listDocuments as listCommand,
  referredDocuments as referredCommand,
} from '../../commands/documents.ts'
import { found } from '../../core/errors.ts'
import {
  findDocument,
  listDocuments as list,
  referredDocuments as referred,
} from '../../store/documents.ts'
import { findProject } from '../../store/projects.ts'
import { query } from '../query.ts'

export const listDocuments = query(listCommand, async ({ db }, filter) => {
  found(await findProject(db, filter.project_id), 'project', filter.project_id)
  return list(db, filter)
})

export const referredDocuments = query(referredCommand, async ({ db }, { project_id }) => {
  found(await findProject(db, project_id), 'project', project_id)
  return { items: (await referred(db, [project_id])).map(({ path }) => path) }
})

export const getDocument = query(getCommand, async ({ db }, { document_id, offset, length }) => {
  const document = found(await findDocument(db, document_id), 'document', document_id)
  const start = offset + halfOf(document.text, offset)
  const end = offset + length
  const cut = end + halfOf(document.text, end)
  return {
    ...document,
    text: document.text.slice(start, cut),
    offset: start,
    next_offset: cut < document.text.length ? cut : null,
  }
})

/** 1 where a character of two UTF-16 units would be cut in two here, else 0. */
const halfOf = (text: string, at: number) =>
  /[\udc00-\udfff]/.test(text.charAt(at)) && /[\ud800-\udbff]/.test(text.charAt(at - 1)) ? 1 : 0
