import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useId, useRef } from 'react'
import { Problem } from '../api/problem.ts'
import { CommandLine } from '../ui/command-line.tsx'
import { Mark } from '../ui/mark.tsx'
import { ThemeToggle } from '../ui/theme-toggle.tsx'
import { useTitle } from '../ui/title.ts'
import { logInWith, sessionQuery } from './session.ts'
import './login-page.css'

function explain(error: unknown): string {
  if (error instanceof Problem && error.unreachable) {
    return 'The server does not answer. Check that `devgodzilla start` is running, then try again.'
  }
  if (error instanceof Problem && (error.status === 401 || error.status === 422)) {
    return 'This token is not known, or was revoked or has expired. Check that it was copied whole.'
  }
  return error instanceof Error ? error.message : String(error)
}

/** Getting in without the one-time link: paste a token. */
export function LoginPage({ linkProblem }: { linkProblem: Problem | null }) {
  useTitle('Sign in')
  const client = useQueryClient()
  const field = useRef<HTMLInputElement>(null)
  const id = useId()
  const login = useMutation({
    mutationFn: logInWith,
    onSuccess: () => client.invalidateQueries({ queryKey: sessionQuery.queryKey }),
    onError: () => field.current?.focus(),
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const token = field.current?.value.trim() ?? ''
    if (token === '') field.current?.focus()
    else login.mutate(token)
  }
  return (
    <main className="login">
      <div className="login-theme">
        <ThemeToggle />
      </div>
      <div className="login-panel">
        <Mark className="login-mark" />
        <h1>Sign in to DevGodzilla</h1>
        {linkProblem && (
          <p className="notice notice-bad" role="alert">
            {linkProblem.unreachable
              ? 'The server did not answer, so the link could not be used. Reload to try it again.'
              : 'This sign-in link was used before or has expired. Each one works once.'}
          </p>
        )}
        <form onSubmit={submit} noValidate>
          <label htmlFor={id}>Access token</label>
          <input
            ref={field}
            id={id}
            type="password"
            autoComplete="current-password"
            spellCheck={false}
            required
            aria-invalid={login.isError}
            aria-describedby={`${id}-help ${id}-error`}
          />
          <p id={`${id}-error`} className="field-error" role="alert">
            {login.isError && explain(login.error)}
          </p>
          <button type="submit" className="button button-main" disabled={login.isPending}>
            {login.isPending ? 'Signing in…' : 'Sign in'}
          </button>
          <p id={`${id}-help`} className="login-help">
            The page keeps no copy of it: the browser gets a session cookie instead.
          </p>
        </form>
        <div className="login-ways">
          <h2>No token at hand?</h2>
          <p>The terminal that runs the server prints a link that signs you in once.</p>
          <p>An admin can make a token for you:</p>
          <CommandLine command="devgodzilla token create --name you --role member" />
        </div>
      </div>
    </main>
  )
}
