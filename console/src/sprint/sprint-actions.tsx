import { useState } from 'react'
import type { Project, Sprint } from '../api/types.ts'
import { useMay } from '../session/session.ts'
import { Menu, MenuItem } from '../ui/menu.tsx'
import { CompleteDialog } from './complete-dialog.tsx'
import { EditDialog, type SprintDialogProps } from './edit-dialog.tsx'
import { ArchiveDialog, FailDialog, ReopenDialog } from './reason-dialogs.tsx'
import { StartDialog } from './start-dialog.tsx'
import './sprint-dialogs.css'

const dialogs = {
  start: StartDialog,
  complete: CompleteDialog,
  edit: EditDialog,
  fail: FailDialog,
  reopen: ReopenDialog,
  archive: ArchiveDialog,
}
export type SprintVerb = keyof typeof dialogs

const words: Record<SprintVerb, string> = {
  start: 'Start…',
  complete: 'Complete…',
  edit: 'Change…',
  fail: 'End as failed…',
  reopen: 'Open again…',
  archive: 'Archive…',
}

/** What a sprint can go through from where it is; the first is the usual one. */
const possible: Record<Sprint['status'], SprintVerb[]> = {
  planning: ['start', 'edit', 'complete', 'archive'],
  active: ['complete', 'edit', 'fail', 'archive'],
  completed: ['reopen', 'archive'],
  failed: ['reopen', 'archive'],
  archived: [],
}

interface SprintActionsProps {
  project: Project
  sprint: Sprint
  /** Opens the dialog where the page keeps it, for a list that the sprint may leave meanwhile. */
  onAsk?: (verb: SprintVerb, sprint: Sprint) => void
}

/** Start, complete and the rest of a sprint's life; nothing for those who may not plan. */
export function SprintActions({ project, sprint, onAsk }: SprintActionsProps) {
  const mayPlan = useMay('plan')
  const mayAdmin = useMay('admin')
  const [anchor, setAnchor] = useState<HTMLElement | null>(null)
  const [open, setOpen] = useState<SprintVerb | null>(null)
  const verbs = possible[sprint.status].filter((verb) => (verb === 'reopen' ? mayAdmin : mayPlan))
  const [usual, ...others] = verbs
  const ask = (verb: SprintVerb) => (onAsk ? onAsk(verb, sprint) : setOpen(verb))
  return (
    <div className="sprint-actions">
      {usual && (
        <button type="button" className="button button-small" onClick={() => ask(usual)}>
          {words[usual]}
          <span className="hidden"> {sprint.name}</span>
        </button>
      )}
      {others.length > 0 && (
        <button
          type="button"
          className="button button-small"
          aria-haspopup="menu"
          onClick={(event) => setAnchor(event.currentTarget)}
        >
          <span aria-hidden="true">⋯</span>
          <span className="hidden">More for {sprint.name}</span>
        </button>
      )}
      {anchor && (
        <Menu anchor={anchor} heading={sprint.name} onClose={() => setAnchor(null)}>
          {others.map((verb) => (
            <MenuItem
              key={verb}
              onPick={() => {
                anchor.focus()
                setAnchor(null)
                ask(verb)
              }}
            >
              {words[verb]}
            </MenuItem>
          ))}
        </Menu>
      )}
      {open && (
        <SprintDialog verb={open} project={project} sprint={sprint} onClose={() => setOpen(null)} />
      )}
    </div>
  )
}

export function SprintDialog({ verb, ...props }: SprintDialogProps & { verb: SprintVerb }) {
  const Asked = dialogs[verb]
  return <Asked {...props} />
}
