import { createHash } from 'node:crypto'
import { putDocuments as command } from '../../commands/documents.ts'
import { found } from '../../core/errors.ts'
import { putDocuments as put, removeDocuments } from '../../store/documents.ts'
import { findProject } from '../../store/projects.ts'
import { mutation } from '../mutation.ts'

export const putDocuments = mutation(command, async (work, { project_id, documents }) => {
  found(await findProject(work.tx, project_id), 'project', project_id)
  const kept = documents.flatMap(({ path, text, commit_sha = null }) =>
    text === null ? [] : [{ path, text, commit_sha, sha256: sha256(text) }],
  )
  const gone = documents.filter(({ text }) => text === null).map(({ path }) => path)
  const stored = await put(work.tx, project_id, kept)
  const removed = await removeDocuments(work.tx, project_id, gone)
  if (stored.length + removed.length === 0) work.nothingChanged()
  else {
    await work.record({
      type: 'project.documents_stored',
      entity_type: 'project',
      entity_id: project_id,
      project_id,
      payload: { stored, removed },
    })
  }
  const unchanged = documents.length - stored.length - removed.length
  return { stored, removed, unchanged }
})

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
