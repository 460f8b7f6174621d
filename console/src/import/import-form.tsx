import { useQuery } from '@tanstack/react-query'
import { useEffect, useId, useRef, useState } from 'react'
import { specsQuery } from '../api/queries.ts'
import type { ImportPreview, Project, Sprint } from '../api/types.ts'
import { Field, Form } from '../form/form.tsx'
import { useForm } from '../form/use-form.ts'
import { previewOf, type Wanted } from './requests.ts'
import { textOf, withoutTask } from './source-file.ts'

interface ImportFormProps {
  project: Project
  sprints: readonly Sprint[]
  file: File | null
  onPreview: (wanted: Wanted, preview: ImportPreview) => void
  onCancel: () => void
}

export function ImportForm({ project, sprints, file, onPreview, onCancel }: ImportFormProps) {
  const { data: specs } = useQuery(specsQuery(project.id))
  const paths = useId()
  const [source, setSource] = useState<'file' | 'checkout'>('file')
  const chosen = useRef<HTMLInputElement>(null)
  useEffect(() => {
    if (file === null || chosen.current === null) return
    const dropped = new DataTransfer()
    dropped.items.add(file)
    chosen.current.files = dropped.files
  }, [file])

  const form = useForm({
    send: async (typed) => {
      const given = typed.get('content')
      const file = given instanceof File && given.name !== '' ? given : null
      const sprint = String(typed.get('sprint_id') ?? '')
      const wanted: Wanted = {
        specPath: String(typed.get('spec_path') ?? '').trim(),
        sprintId: sprint === '' ? null : Number(sprint),
        overwrite: false,
        content: source === 'file' ? await textOf(file) : null,
        fileName: source === 'file' ? (file?.name ?? 'tasks.md') : 'The checkout’s tasks.md',
      }
      const preview = await previewOf(project, wanted)
      if (preview.recognised === 0) throw withoutTask(wanted.fileName, preview.skipped)
      return { wanted, preview }
    },
    onSent: ({ wanted, preview }) => onPreview(wanted, preview),
  })

  return (
    <Form
      form={form}
      submit="Preview"
      fields={['content', 'spec_path', 'sprint_id']}
      onCancel={onCancel}
    >
      {project.local_path !== null && (
        <fieldset className="import-source">
          <legend>Read it from</legend>
          {(['file', 'checkout'] as const).map((from) => (
            <label key={from}>
              <input
                type="radio"
                name="source"
                value={from}
                checked={source === from}
                onChange={() => setSource(from)}
              />
              {from === 'file' ? 'a file on this computer' : 'the project’s local checkout'}
            </label>
          ))}
        </fieldset>
      )}
      {source === 'file' && (
        <Field
          name="content"
          label="File"
          hint="A tasks.md as SpecKit writes it: Markdown in UTF-8, at most 8 MB."
        >
          {(control) => (
            <input
              {...control}
              ref={chosen}
              type="file"
              accept=".md,.markdown,.txt,text/markdown,text/plain"
            />
          )}
        </Field>
      )}
      <Field
        name="spec_path"
        label="Spec"
        hint="The folder in the repository that the file belongs to. One that is not known yet is added."
      >
        {(control) => (
          <>
            <input
              {...control}
              type="text"
              list={paths}
              placeholder="specs/001-name"
              autoComplete="off"
              spellCheck={false}
            />
            <datalist id={paths}>
              {specs
                ?.filter(({ status }) => status !== 'archived')
                .map(({ id, path, name }) => (
                  <option key={id} value={path} label={name} />
                ))}
            </datalist>
          </>
        )}
      </Field>
      <Field name="sprint_id" label="New tasks go to">
        {(control) => (
          <select {...control} defaultValue="">
            <option value="">the backlog</option>
            {sprints.map(({ id, name, status }) => (
              <option key={id} value={id}>
                {name} ({status})
              </option>
            ))}
          </select>
        )}
      </Field>
    </Form>
  )
}
