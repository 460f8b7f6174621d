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
import { announce } from '../ui/announcer.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { slugOf } from './slug.ts'

const fields = ['name', 'slug', 'repo_url', 'local_path', 'default_branch']

const bodyOf = (typed: FormData) =>
  Object.fromEntries(
    fields
      .map((name) => [name, String(typed.get(name) ?? '').trim()] as const)
      .filter(([name, text]) => text !== '' || name === 'name' || name === 'slug'),
  )

/** That a short name is taken is told beside it. */
function besideSlug(error: unknown): never {
  if (!(error instanceof Problem) || error.rule !== 'projects_slug_key') throw error
  const errors = [{ field: 'slug', message: 'is taken; choose another one' }]
  throw new Problem(error.status, { detail: error.message, errors }, error)
}

/** Asks for a project, and goes on to it. */
export function NewProject({ onClose }: { onClose: () => void }) {
  const client = useQueryClient()
  const admin = useMay('admin')
  const [name, setName] = useState('')
  const [slug, setSlug] = useState<string | null>(null)
  const form = useForm({
    send: (typed, idempotencyKey) =>
      request<Project>('POST', '/projects', { body: bodyOf(typed), idempotencyKey }).catch(
        besideSlug,
      ),
    onSent: (project) => {
      announce(`Created ${project.name}.`)
      void client.invalidateQueries({ queryKey: projectsQuery.queryKey })
      navigate(paths.project(project.slug))
    },
  })
  return (
    <Dialog title="Create a project" onClose={onClose}>
      <Form form={form} submit="Create" fields={fields} onCancel={onClose}>
        <Field name="name" label="Name">
          {(control) => (
            <input
              type="text"
              autoComplete="off"
              {...control}
              value={name}
              onChange={(event) => setName(event.target.value)}
            />
          )}
        </Field>
        <Field
          name="slug"
          label="Short name"
          hint="Stands in addresses and in the codes of sprints and cards, and stays."
        >
          {(control) => (
            <input
              type="text"
              autoComplete="off"
              spellCheck={false}
              {...control}
              value={slug ?? slugOf(name)}
              onChange={(event) => setSlug(event.target.value)}
            />
          )}
        </Field>
        <Field
          name="repo_url"
          label="Repository (may be left out)"
          hint="An https or ssh address that flows clone, to read and tick its task files."
        >
          {(control) => (
            <input
              type="text"
              autoComplete="off"
              spellCheck={false}
              placeholder="https://github.com/you/repository.git"
              {...control}
            />
          )}
        </Field>
        {admin && (
          <Field
            name="local_path"
            label="Folder of the server (may be left out)"
            hint="A Git repository beside the API, used instead of a clone."
          >
            {(control) => (
              <input
                type="text"
                autoComplete="off"
                spellCheck={false}
                placeholder="/home/you/repository"
                {...control}
              />
            )}
          </Field>
        )}
        <Field name="default_branch" label="Default branch" hint="Left empty, it is main.">
          {(control) => (
            <input
              type="text"
              autoComplete="off"
              spellCheck={false}
              placeholder="main"
              {...control}
            />
          )}
        </Field>
      </Form>
    </Dialog>
  )
}
