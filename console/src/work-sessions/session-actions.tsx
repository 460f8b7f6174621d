import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useActions } from '../actions/actions.ts'
import type { SessionActivity } from '../api/types.ts'
import { sessionQuery as signedInQuery, useMay } from '../session/session.ts'
import type { SessionDialogProps } from './dialog-props.ts'
import { EndDialog } from './end-dialog.tsx'
import { HandOffDialog } from './hand-off-dialog.tsx'
import { ReplayDialog } from './replay-dialog.tsx'
import { UndoDialog } from './undo-dialog.tsx'

const dialogs = { end: EndDialog, handOff: HandOffDialog, undo: UndoDialog, replay: ReplayDialog }
type Verb = keyof typeof dialogs

const words: Record<Verb, string> = {
  end: 'End…',
  handOff: 'Hand off…',
  undo: 'Undo its work…',
  replay: 'Replay…',
}

interface SessionActionsProps extends Omit<SessionDialogProps, 'onClose'> {
  over: boolean
}

/** What can be done about a session, for whom it would not be refused. */
export function SessionActions({ over, ...of }: SessionActionsProps) {
  const [asked, setAsked] = useState<Verb | null>(null)
  const [mayWork, mayPlan] = [useMay('work'), useMay('plan')]
  const me = useQuery(signedInQuery).data?.who?.name
  // Who works without planning acts in sessions of their own.
  const mayEnter = mayPlan || (mayWork && of.session.actor === me)
  const verbs: Verb[] = [
    ...(mayPlan && hasChanges(of.activity) ? (['replay', 'undo'] as const) : []),
    ...(mayEnter && !over ? (['handOff', 'end'] as const) : []),
  ]
  useActions(
    verbs.map((verb) => ({
      id: `session.${verb}`,
      title: `${words[verb].replace('…', '')}: session of ${of.session.agent}`,
      group: 'Session',
      run: () => setAsked(verb),
    })),
  )
  const Asked = asked && dialogs[asked]
  return (
    <>
      {verbs.map((verb) => (
        <button key={verb} type="button" className="button" onClick={() => setAsked(verb)}>
          {words[verb]}
        </button>
      ))}
      {Asked && <Asked {...of} onClose={() => setAsked(null)} />}
    </>
  )
}

/** There is something to undo and to replay: revisions are of tasks and sprints. */
const hasChanges = ({ by_type }: SessionActivity) =>
  by_type.some(({ type }) => /^(task|sprint)\./.test(type))
