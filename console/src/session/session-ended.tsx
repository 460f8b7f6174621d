import { useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { useModal } from '../ui/use-modal.ts'
import { LoginForm } from './login-form.tsx'
import { sessionQuery } from './session.ts'
import '../ui/dialog.css'
import './session-ended.css'

/** Asks to sign in over the page: what was typed on it stays. */
export function SessionEnded() {
  const client = useQueryClient()
  const dialog = useModal()
  useEffect(() => {
    // Somebody may have signed in in another tab.
    const look = () => void client.invalidateQueries({ queryKey: sessionQuery.queryKey })
    window.addEventListener('focus', look)
    return () => window.removeEventListener('focus', look)
  }, [client])
  return (
    <dialog
      ref={dialog}
      className="dialog session-ended"
      aria-labelledby="session-ended"
      onCancel={(event) => event.preventDefault()}
      // A second Escape in a row closes it without asking.
      onClose={({ currentTarget: it }) => it.isConnected && it.showModal()}
    >
      <h2 id="session-ended">Your session has ended</h2>
      <p>
        Sign in to go on where you are: the page below stays as it is, with what you typed. A
        sign-in link from the terminal works too.
      </p>
      <LoginForm />
    </dialog>
  )
}
