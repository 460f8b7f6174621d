import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { sprintsQuery } from '../api/queries.ts'
import type { ImportPreview, ImportReport, Project } from '../api/types.ts'
import { isClosed } from '../scrum/sprint-order.ts'
import { Dialog } from '../ui/dialog.tsx'
import { ImportDone } from './import-done.tsx'
import { ImportForm } from './import-form.tsx'
import { ImportPreviewView } from './import-preview.tsx'
import { importInto, previewOf, type Wanted } from './requests.ts'
import './import.css'

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
