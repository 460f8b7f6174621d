import { useQuery } from '@tanstack/react-query'
import { useActionKeys } from './actions/keys.ts'
import { EditsProvider } from './edits/edits-provider.tsx'
import { Routes } from './routes.tsx'
import { LoginPage } from './session/login-page.tsx'
import { sessionQuery } from './session/session.ts'
import { SessionEnded } from './session/session-ended.tsx'
import { Shell } from './shell/shell.tsx'
import { useShortcuts } from './shell/shortcuts.ts'
import { Announcer } from './ui/announcer.tsx'
import { useRescuedFocus } from './ui/rescued-focus.ts'
import { ErrorState, Skeleton } from './ui/states.tsx'
import { Toasts } from './ui/toasts.tsx'

export function App() {
  useActionKeys(useShortcuts())
  useRescuedFocus()
  return (
    <>
      <Gate />
      <Announcer />
      <Toasts />
    </>
  )
}

/** Nothing of the product is asked for before it is known who asks. */
function Gate() {
  const session = useQuery(sessionQuery)
  if (session.isPending) {
    return (
      <main className="gate">
        <Skeleton label="Opening the console" />
      </main>
    )
  }
  if (session.data === undefined) {
    return (
      <main className="gate">
        <h1 className="hidden">DevGodzilla</h1>
        <ErrorState error={session.error} retry={session.refetch} />
      </main>
    )
  }
  const { who, linkProblem, ended } = session.data
  if (who === null) return <LoginPage linkProblem={linkProblem} />
  return (
    <EditsProvider key={`${who.name} ${who.role}`} who={who} ended={ended}>
      <Shell who={who} ended={ended}>
        <Routes />
        {ended && <SessionEnded />}
      </Shell>
    </EditsProvider>
  )
}
