import { useQueryClient } from '@tanstack/react-query'
import { useRef } from 'react'
import { projectQuery, projectsQuery } from '../api/queries.ts'
import { request } from '../api/request.ts'
import type { Project } from '../api/types.ts'
import { useForm } from '../form/use-form.ts'
import { toast } from '../ui/toasts.tsx'
import { type Texts, useTyped } from './use-typed.ts'

/** What PATCH /projects/:id takes; text that is no number goes as it is, and the API says why. */
export type ProjectChanges = Partial<Record<string, unknown>>

/** Shows a project as the API answered it, wherever it is shown. */
export function useSaved(): (project: Project) => void {
  const client = useQueryClient()
  return (project) => {
    client.setQueryData(projectQuery(project.slug).queryKey, project)
    void client.invalidateQueries({ queryKey: projectsQuery.queryKey })
  }
}

export const patchProject = (id: number, body: ProjectChanges, idempotencyKey: string) =>
  request<Project>('PATCH', `/projects/${id}`, { body, idempotencyKey })

interface SaveOptions {
  project: Project
  /** What the fields say of the project. */
  now: Texts
  /** The request for what was typed into some of them. */
  changes: (typed: Texts) => ProjectChanges
}

/** One form of a project's settings: sends what was changed in it, and nothing else. */
export function useSave({ project, now, changes }: SaveOptions) {
  const typed = useTyped(now)
  const saved = useSaved()
  const sent = useRef<Texts>({})
  const form = useForm({
    send: async (_, key) => {
      sent.current = typed.changed()
      if (Object.keys(sent.current).length === 0) return null
      return patchProject(project.id, changes(sent.current), key)
    },
    onSent: (answer) => {
      if (answer) saved(answer)
      typed.saved(sent.current)
      toast({
        tone: 'info',
        key: 'settings',
        title: answer ? 'Settings saved' : 'Nothing has changed',
      })
    },
  })
  return { form, typed, isTouched: Object.keys(typed.changed()).length > 0 }
}

export type Saving = ReturnType<typeof useSave>

/** A number as typed; what is none goes as it is. */
export const numberOr = (text: string): unknown =>
  text.trim() === '' || Number.isNaN(Number(text)) ? text : Number(text)
