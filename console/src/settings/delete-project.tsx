import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { Problem } from '../api/problem.ts'
import { projectsQuery } from '../api/queries.ts'
import { request } from '../api/request.ts'
import type { Project } from '../api/types.ts'
import { Field, Form } from '../form/form.tsx'
import { useForm } from '../form/use-form.ts'
import { navigate } from '../routing/location.ts'
import { paths } from '../routing/paths.ts'
import { useMay } from '../session/session.ts'
import { Dialog } from '../ui/dialog.tsx'
import { toast } from '../ui/toasts.tsx'
import { Section } from './section.tsx'

/** For admins alone, at the end. */
export function DeleteProject({ project }: { project: Project }) {
  const [asking, setAsking] = useState(false)
  if (!useMay('admin')) return null
  return (
    <Section
      id="delete"
      title="Delete the project"
      intro="With its sprints, tasks, runs and views. The repository stays as it is."
    >
      <div>
        <button type="button" className="button" onClick={() => setAsking(true)}>
          Delete {project.name}…
        </button>
      </div>
      {asking && <Sure project={project} onClose={() => setAsking(false)} />}
    </Section>
  )
}

function Sure({ project, onClose }: { project: Project; onClose: () => void }) {
  const { id, name, slug } = project
  const client = useQueryClient()
  const form = useForm({
    async send(typed, idempotencyKey) {
      if (String(typed.get('slug')).trim() !== slug) throw other(slug)
      return request('DELETE', `/projects/${id}`, { idempotencyKey })
    },
    onSent: () => {
      toast({ tone: 'info', title: `“${name}” is deleted` })
      navigate(paths.projects())
      void client.invalidateQueries({ queryKey: projectsQuery.queryKey })
      void client.invalidateQueries({ queryKey: ['sprints', 'list'] })
    },
  })
  return (
    <Dialog title={`Delete ${name}`} onClose={onClose}>
      <p className="notice notice-bad">
        Its sprints, tasks, runs, conflicts and views go for everybody, and cannot be brought back.
        Events stay on the record.
      </p>
      <Form form={form} submit="Delete it" fields={['slug']} onCancel={onClose}>
        <Field
          name="slug"
          label="Its short name, to be sure"
          hint={
            <>
              Type <code>{slug}</code>.
            </>
          }
        >
          {(control) => <input type="text" autoComplete="off" spellCheck={false} {...control} />}
        </Field>
      </Form>
    </Dialog>
  )
}

const other = (slug: string) =>
  new Problem(422, {
    detail: 'The short name is another.',
    errors: [{ field: 'slug', message: `must be ${slug}` }],
  })
