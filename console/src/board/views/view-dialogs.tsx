import { useQueryClient } from '@tanstack/react-query'
import { viewsQuery } from '../../api/queries.ts'
import { request } from '../../api/request.ts'
import type { SavedView } from '../../api/types.ts'
import { Ask } from '../../form/ask.tsx'
import { Field, Form } from '../../form/form.tsx'
import { useForm } from '../../form/use-form.ts'
import { changeQuery, withParameter } from '../../routing/location.ts'
import { announce } from '../../ui/announcer.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { openView, saveView } from './use-views.ts'
import { viewParameter } from './view-query.ts'

interface NameViewProps {
  projectId: number
  /** What a new view keeps. */
  query: string
  /** The one to rename; without it, a new one is saved. */
  view?: SavedView | undefined
  onClose: () => void
}

/** Gives what the board shows a name, or a view another one. */
export function NameView({ projectId, query, view, onClose }: NameViewProps) {
  const client = useQueryClient()
  const form = useForm<SavedView>({
    send: (typed, idempotencyKey) => {
      const name = String(typed.get('name'))
      if (view) return saveView(view.id, { name })
      const body = { project_id: projectId, name, query }
      return request('POST', '/views', { body, idempotencyKey })
    },
    onSent: async (saved) => {
      await client.invalidateQueries({ queryKey: viewsQuery(projectId).queryKey })
      announce(`“${saved.name}” is saved.`)
      onClose()
      if (!view) openView(saved)
    },
  })
  return (
    <Dialog title={view ? `Rename “${view.name}”` : 'Save this view'} onClose={onClose}>
      <Form form={form} submit={view ? 'Rename' : 'Save'} fields={['name']} onCancel={onClose}>
        <Field
          name="name"
          label="Name"
          hint={
            view ? undefined : 'Filters, lanes and columns, for everyone who sees this project.'
          }
        >
          {(control) => (
            <input
              {...control}
              type="text"
              defaultValue={view?.name}
              maxLength={80}
              autoComplete="off"
              autoFocus
            />
          )}
        </Field>
      </Form>
    </Dialog>
  )
}

export function DeleteView({ view, onClose }: { view: SavedView; onClose: () => void }) {
  const client = useQueryClient()
  const forget = async () => {
    await request('DELETE', `/views/${view.id}`)
    await client.invalidateQueries({ queryKey: viewsQuery(view.project_id).queryKey })
    announce(`“${view.name}” is deleted.`)
    changeQuery((query) => withParameter(query, viewParameter, null), { replace: true })
  }
  return (
    <Ask title={`Delete “${view.name}”`} submit="Delete the view" act={forget} onClose={onClose}>
      <p>Everyone who sees this project loses it. The cards stay as they are.</p>
    </Ask>
  )
}
