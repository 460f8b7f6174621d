import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { createPortal } from 'react-dom'
import { useActions } from '../actions/actions.ts'
import { forgetEdits } from '../edits/edits-provider.tsx'
import { useAllEdits, useOutbox } from '../edits/use-edits.ts'
import { count } from '../format/words.ts'
import { forgetRecent } from '../palette/recent.ts'
import { logOut } from '../session/session.ts'
import { Dialog } from '../ui/dialog.tsx'
import { toast } from '../ui/toasts.tsx'

/** How long what is just being sent may take before it is asked about (ms). */
const patience = 700

function useSignOut() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: () => logOut(client),
    onSuccess: () => {
      forgetEdits()
      forgetRecent()
    },
    onError: (error) => toast({ tone: 'bad', title: 'Still signed in', detail: error.message }),
  })
}

/** Signs out, and asks first where that would lose edits. */
export function SignOut() {
  const { outbox } = useAllEdits()
  const leave = useSignOut()
  const [asking, setAsking] = useState(false)
  const start = async () => {
    outbox.wake()
    if (await outbox.settled(patience)) leave.mutate()
    else setAsking(true)
  }
  useActions([{ id: 'sign-out', title: 'Sign out', group: 'Everywhere', run: () => void start() }])
  return (
    <>
      <button type="button" className="button button-small" onClick={() => void start()}>
        Sign out
      </button>
      {asking && createPortal(<LoseEdits onClose={() => setAsking(false)} />, document.body)}
    </>
  )
}

const most = 6

/** What signing out would lose, and what can be done about it. */
function LoseEdits({ onClose }: { onClose: () => void }) {
  const { outbox } = useAllEdits()
  const entries = useOutbox((state) => state.entries)
  const overtaken = useOutbox((state) => state.overtaken)
  const away = useOutbox((state) => state.away)
  const leave = useSignOut()
  const lost = [...entries, ...overtaken]
  return (
    <Dialog
      title={lost.length > 0 ? 'Sign out and lose edits?' : 'Everything is saved'}
      onClose={onClose}
    >
      <div className="sign-out" role="status">
        {entries.length > 0 && (
          <p>
            {count(entries.length, 'edit')} {entries.length === 1 ? 'has' : 'have'} not reached the
            server{away && ', which does not answer'}.
          </p>
        )}
        {overtaken.length > 0 && (
          <p>
            {count(overtaken.length, 'edit')} {overtaken.length === 1 ? 'waits' : 'wait'} for your
            decision: somebody else changed the same.
          </p>
        )}
        {lost.length > 0 && (
          <ul>
            {lost.slice(0, most).map(({ key, label }) => (
              <li key={key}>{label}</li>
            ))}
            {lost.length > most && <li>and {lost.length - most} more</li>}
          </ul>
        )}
        {lost.length === 0 && <p>Nothing is lost by signing out now.</p>}
        {leave.error && <p className="field-error">Still signed in. {leave.error.message}</p>}
      </div>
      <div className="form-end">
        <button type="button" className="button" onClick={onClose}>
          Stay signed in
        </button>
        {entries.length > 0 && (
          <button type="button" className="button" onClick={() => outbox.wake()}>
            Send now
          </button>
        )}
        <button type="button" className="button button-main" onClick={() => leave.mutate()}>
          {lost.length > 0 ? 'Sign out anyway' : 'Sign out'}
        </button>
      </div>
    </Dialog>
  )
}
