import { useQueryClient } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { type Action, useActions } from '../../actions/actions.ts'
import { wayOut } from '../../api/problem.ts'
import { viewsQuery } from '../../api/queries.ts'
import { changeQuery, withParameter } from '../../routing/location.ts'
import { useMay } from '../../session/session.ts'
import { announce } from '../../ui/announcer.tsx'
import { Menu, MenuItem } from '../../ui/menu.tsx'
import { toast } from '../../ui/toasts.tsx'
import { openView, saveView, useViews } from './use-views.ts'
import { DeleteView, NameView } from './view-dialogs.tsx'
import { viewParameter } from './view-query.ts'
import './view-picker.css'

type Asked = 'save' | 'rename' | 'delete'

/** Ways of looking at the boards of a project that somebody gave a name. */
export function ViewPicker({ projectId }: { projectId: number }) {
  const client = useQueryClient()
  const views = useViews(projectId)
  const mayWork = useMay('work')
  const button = useRef<HTMLButtonElement>(null)
  const [isOpen, setOpen] = useState(false)
  const [asked, setAsked] = useState<Asked | null>(null)
  const { all, current, isChanged, isGone, mayEdit, query } = views

  const store = async () => {
    if (!current) return
    try {
      await saveView(current.id, { query })
      await client.invalidateQueries({ queryKey: viewsQuery(projectId).queryKey })
      announce(`“${current.name}” is saved.`)
    } catch (error) {
      const detail = `${error instanceof Error ? error.message : error} ${wayOut(error)}`
      toast({ tone: 'bad', title: `“${current.name}” is not saved`, detail })
    }
  }
  const changes: Action[] = [
    { id: 'view.save-as', title: 'Save as a new view…', run: () => setAsked('save') },
    ...(current && mayEdit
      ? [
          ...(isChanged
            ? [{ id: 'view.save', title: `Save changes to “${current.name}”`, run: store }]
            : []),
          { id: 'view.rename', title: `Rename “${current.name}”…`, run: () => setAsked('rename') },
          { id: 'view.delete', title: `Delete “${current.name}”…`, run: () => setAsked('delete') },
        ]
      : []),
  ].map((it) => ({ ...it, group: 'Views' }))
  const offered = mayWork ? changes : []
  const undo: Action[] =
    current && isChanged
      ? [
          {
            id: 'view.undo',
            title: `Back to “${current.name}”`,
            group: 'Views',
            run: () => openView(current),
          },
        ]
      : []
  const picks: Action[] = all.map((view) => ({
    id: `view.open.${view.id}`,
    title: `Show the view “${view.name}”`,
    group: 'Views',
    run: () => openView(view),
  }))
  useActions([...picks, ...undo, ...offered])

  if (all.length === 0 && offered.length === 0) return null
  const pick = (action: () => void) => () => {
    setOpen(false)
    button.current?.focus({ preventScroll: true })
    action()
  }
  return (
    <>
      <button
        ref={button}
        type="button"
        className="button button-small view-button"
        aria-haspopup="menu"
        aria-expanded={isOpen}
        onClick={() => setOpen(true)}
      >
        {current ? current.name : 'Views'}
        {isChanged && <span className="view-changed">changed</span>}
      </button>
      {isGone && (
        <p className="view-gone">
          The view of this address is gone.{' '}
          <button
            type="button"
            className="button button-small"
            onClick={() =>
              changeQuery((address) => withParameter(address, viewParameter, null), {
                replace: true,
              })
            }
          >
            Forget it
          </button>
        </p>
      )}
      {isOpen && button.current && (
        <Menu
          anchor={button.current}
          heading="Views of this project"
          onClose={() => setOpen(false)}
        >
          {all.map((view) => (
            <MenuItem
              key={view.id}
              checked={view.id === current?.id}
              onPick={pick(() => openView(view))}
            >
              {view.name}
            </MenuItem>
          ))}
          {[...undo, ...offered].map(({ id, title, run }) => (
            <MenuItem key={id} onPick={pick(() => run?.())}>
              {title}
            </MenuItem>
          ))}
        </Menu>
      )}
      {asked === 'delete' && current && (
        <DeleteView view={current} onClose={() => setAsked(null)} />
      )}
      {(asked === 'save' || (asked === 'rename' && current)) && (
        <NameView
          projectId={projectId}
          query={query}
          view={asked === 'rename' ? current : undefined}
          onClose={() => setAsked(null)}
        />
      )}
    </>
  )
}
