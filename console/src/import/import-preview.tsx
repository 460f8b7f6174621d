import { useMutation } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import type { ImportPreview, ImportReport, Sprint } from '../api/types.ts'
import { FormProblem } from '../form/form.tsx'
import { useForm } from '../form/use-form.ts'
import { count } from '../format/words.ts'
import { fieldName, fieldValue } from '../scrum/task-fields.ts'
import { PreviewTable } from './preview-table.tsx'
import type { Wanted } from './requests.ts'
import { reasonWords } from './words.ts'

interface ImportPreviewViewProps {
  wanted: Wanted
  preview: ImportPreview
  sprints: readonly Sprint[]
  onOverwrite: (overwrite: boolean) => Promise<void>
  onBack: () => void
  send: (key: string) => Promise<ImportReport>
  onDone: (report: ImportReport) => void
}

export function ImportPreviewView(props: ImportPreviewViewProps) {
  const { wanted, preview, sprints, onOverwrite, onBack, send, onDone } = props
  const form = useForm({ send: (_, key) => send(key), onSent: onDone })
  const again = useMutation({ mutationFn: onOverwrite })
  // The form that had the focus is hidden now.
  const told = useRef<HTMLParagraphElement>(null)
  useEffect(() => told.current?.focus(), [])
  const place = sprints.find(({ id }) => id === preview.sprint_id)?.name ?? 'the backlog'
  return (
    <form className="import-preview" onSubmit={form.submit} noValidate>
      <p ref={told} tabIndex={-1}>
        <strong>{wanted.fileName}</strong> for <code>{preview.spec_path}</code>
        {preview.spec_id === null && ', a new spec'}; new tasks go to {place}. Nothing has changed
        yet.
      </p>
      <Summary preview={preview} />
      {preview.conflicts.length > 0 && (
        <Conflicts
          preview={preview}
          overwrite={wanted.overwrite}
          pending={again.isPending}
          onOverwrite={(overwrite) => again.mutate(overwrite)}
        />
      )}
      {preview.archived.length > 0 && (
        <section>
          <h3>{count(preview.archived.length, 'card')} would be archived</h3>
          <p>The file does not hold them any longer: {listed(preview.archived)}.</p>
        </section>
      )}
      {preview.elsewhere.length > 0 && (
        <section>
          <h3>{count(preview.elsewhere.length, 'card')} stay where they are</h3>
          <p>They are in another sprint: {listed(preview.elsewhere)}.</p>
        </section>
      )}
      <Skipped preview={preview} />
      <PreviewTable tasks={preview.tasks} />
      <FormProblem error={form.error ?? again.error} />
      <div className="form-end">
        <button type="button" className="button" onClick={onBack}>
          Back
        </button>
        <button type="submit" className="button button-main" aria-disabled={form.pending}>
          {form.pending ? 'Importing…' : `Import ${count(preview.recognised, 'task')}`}
        </button>
      </div>
    </form>
  )
}

function Summary({ preview }: { preview: ImportPreview }) {
  const of = (outcome: string) => preview.tasks.filter((it) => it.outcome === outcome).length
  const { hard, suggested } = preview.dependencies
  const parts: [amount: number, words: string][] = [
    [of('new'), 'new'],
    [of('changed'), 'changed'],
    [of('unchanged'), 'unchanged'],
    [of('kept'), 'in an ended sprint, left alone'],
    [preview.moved, 'taken out of the backlog'],
    [preview.archived.length, 'archived'],
    [preview.conflicts.length, preview.conflicts.length === 1 ? 'conflict' : 'conflicts'],
    [hard, hard === 1 ? 'dependency' : 'dependencies'],
    [suggested, suggested === 1 ? 'suggested dependency' : 'suggested dependencies'],
  ]
  return (
    <>
      {preview.seen_before && (
        <p className="notice">This very text was imported last: only the board differs since.</p>
      )}
      <ul className="import-summary numbers" aria-label="Summary">
        <li>
          <strong>{preview.recognised}</strong> recognised
        </li>
        {parts
          .filter(([amount]) => amount > 0)
          .map(([amount, words]) => (
            <li key={words}>
              <strong>{amount}</strong> {words}
            </li>
          ))}
      </ul>
    </>
  )
}

interface ConflictsProps {
  preview: ImportPreview
  overwrite: boolean
  pending: boolean
  onOverwrite: (overwrite: boolean) => void
}

function Conflicts({ preview, overwrite, pending, onOverwrite }: ConflictsProps) {
  const ids = new Map(preview.tasks.map(({ task_id, external_id }) => [task_id, external_id]))
  return (
    <section>
      <h3>{count(preview.conflicts.length, 'conflict')}</h3>
      <p>File and board both changed since the last import.</p>
      <ul className="import-conflicts">
        {preview.conflicts.map(({ task_id, field, file, board }) => (
          <li key={`${task_id} ${field}`}>
            <span className="id">{ids.get(task_id)}</span> {fieldName(field)}: file{' '}
            <q>{fieldValue(field, file)}</q>, board <q>{fieldValue(field, board)}</q>
          </li>
        ))}
      </ul>
      <fieldset className="import-source" disabled={pending}>
        <legend>Then</legend>
        {[false, true].map((takes) => (
          <label key={String(takes)}>
            <input
              type="radio"
              name="overwrite"
              checked={overwrite === takes}
              onChange={() => onOverwrite(takes)}
            />
            {takes ? 'take what the file says' : 'keep the board, and list the conflict'}
          </label>
        ))}
      </fieldset>
    </section>
  )
}

const mostLines = 50

function Skipped({ preview: { skipped } }: { preview: ImportPreview }) {
  if (skipped.length === 0) return null
  return (
    <section>
      <h3>{count(skipped.length, 'line')} not recognised</h3>
      <ul className="import-skipped">
        {skipped.slice(0, mostLines).map(({ line, text, reason }) => (
          <li key={`${line} ${reason} ${text}`}>
            <span className="numbers">Line {line}</span> <code>{text.trim()}</code>{' '}
            <span>{reasonWords(reason)}</span>
          </li>
        ))}
      </ul>
      {skipped.length > mostLines && <p>And {skipped.length - mostLines} more.</p>}
    </section>
  )
}

const mostIds = 40
const listed = (tasks: readonly { external_id: string }[]) =>
  tasks
    .slice(0, mostIds)
    .map(({ external_id }) => external_id)
    .join(', ') + (tasks.length > mostIds ? ` and ${tasks.length - mostIds} more` : '')
