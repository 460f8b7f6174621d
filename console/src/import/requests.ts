import { Problem } from '../api/problem.ts'
import { getAll, request } from '../api/request.ts'
import type { ImportPreview, ImportReport, Project, Spec } from '../api/types.ts'

/** What is to be imported, and whereto. */
export interface Wanted {
  specPath: string
  /** Null is the backlog. */
  sprintId: number | null
  overwrite: boolean
  /** Null: the API reads the project's local checkout. */
  content: string | null
  fileName: string
}

export const previewOf = (project: Project, wanted: Wanted): Promise<ImportPreview> =>
  request('POST', '/specs/actions/preview-import', {
    body: {
      project_id: project.id,
      spec_path: wanted.specPath,
      sprint_id: wanted.sprintId,
      overwrite_existing: wanted.overwrite,
      ...(wanted.content !== null && { content: wanted.content }),
    },
  })

/** What was previewed and nothing else: an import that came between is a refusal. */
export async function importInto(
  project: Project,
  { specPath, sprintId, overwrite, content }: Wanted,
  preview: ImportPreview,
  idempotencyKey: string,
): Promise<ImportReport> {
  const source = {
    overwrite_existing: overwrite,
    expected_imports: preview.imports,
    ...(content !== null && { content }),
  }
  if (sprintId !== null) {
    return request('POST', `/sprints/${sprintId}/actions/import-tasks`, {
      body: { spec_path: specPath, ...source },
      idempotencyKey,
    })
  }
  const spec_id =
    preview.spec_id ?? (await specAt(project, preview.spec_path, `${idempotencyKey}-spec`)).id
  return request('POST', `/specs/${spec_id}/actions/import-tasks`, {
    body: { into: 'backlog', ...source },
    idempotencyKey,
  })
}

/** The spec of a path that had none when the import was previewed; maybe it has one by now. */
async function specAt(project: Project, path: string, idempotencyKey: string): Promise<Spec> {
  try {
    const body = { project_id: project.id, path }
    return await request<Spec>('POST', '/specs', { body, idempotencyKey })
  } catch (error) {
    if (!(error instanceof Problem) || error.rule !== 'one_spec_per_path') throw error
    const specs = await getAll<Spec>('/specs', { project_id: project.id })
    const spec = specs.find((it) => it.path === path)
    if (spec === undefined) throw error
    return spec
  }
}
