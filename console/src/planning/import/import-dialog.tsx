import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { sprintsQuery } from '../../api/queries.ts'
import { request } from '../../api/request.ts'
import type { ImportPreview, ImportReport, Project, Spec } from '../../api/types.ts'
import { isClosed } from '../../sprints/order.ts'
import { Dialog } from '../../ui/dialog.tsx'
import { ImportDone } from './import-done.tsx'
import { ImportForm } from './import-form.tsx'
import { ImportPreviewView } from './import-preview.tsx'
import './import.css'

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

type Step =
  | { name: 'form' }
  | { name: 'preview'; wanted: Wanted; preview: ImportPreview }
  | { name: 'done'; wanted: Wanted; report: ImportReport }

interface ImportDialogProps {
  project: Project
  /** One that was dropped onto the page. */
  file: File | null
  onClose: () => void
}

/** Brings a tasks.md onto the board: choose, look at what it would do, then do it. */
export function ImportDialog({ project, file, onClose }: ImportDialogProps) {
  const [step, setStep] = useState<Step>({ name: 'form' })
  const sprints = useQuery(sprintsQuery(project.id)).data?.filter((it) => !isClosed(it)) ?? []

  return (
    <Dialog title={titles[step.name]} wide onClose={onClose}>
      {/* Kept under the preview, so that going back finds what was typed. */}
      <div hidden={step.name !== 'form'}>
        <ImportForm
          project={project}
          sprints={sprints}
          file={file}
          onPreview={(wanted, preview) => setStep({ name: 'preview', wanted, preview })}
          onCancel={onClose}
        />
      </div>
      {step.name === 'preview' && (
        <ImportPreviewView
          wanted={step.wanted}
          preview={step.preview}
          sprints={sprints}
          onOverwrite={async (overwrite) => {
            const wanted = { ...step.wanted, overwrite }
            setStep({ ...step, wanted, preview: await previewOf(project, wanted) })
          }}
          onBack={() => setStep({ name: 'form' })}
          send={(key) => importInto(project, step.wanted, step.preview, key)}
          onDone={(report) => setStep({ name: 'done', wanted: step.wanted, report })}
        />
      )}
      {step.name === 'done' && (
        <ImportDone project={project} report={step.report} sprints={sprints} onClose={onClose} />
      )}
    </Dialog>
  )
}

const titles = {
  form: 'Import a tasks.md',
  preview: 'What this import would do',
  done: 'Imported',
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
async function importInto(
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
  const spec_id = preview.spec_id ?? (await specAt(project, specPath, `${idempotencyKey}-spec`)).id
  return request('POST', `/specs/${spec_id}/actions/import-tasks`, {
    body: { into: 'backlog', ...source },
    idempotencyKey,
  })
}

const specAt = (project: Project, path: string, idempotencyKey: string): Promise<Spec> =>
  request('POST', '/specs', { body: { project_id: project.id, path }, idempotencyKey })
