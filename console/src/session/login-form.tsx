import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useId, useRef } from 'react'
import { Problem } from '../api/problem.ts'
import { logInWith, sessionQuery } from './session.ts'
import './login-form.css'

function explain(error: unknown): string {
  if (error instanceof Problem && error.unreachable) {
    return 'The server does not answer. Check that `devgodzilla start` is running, then try again.'
  }
  if (error instanceof Problem && (error.status === 401 || error.status === 422)) {
    return 'This token is not known, or was revoked or has expired. Check that it was copied whole.'
  }
  return error instanceof Error ? error.message : String(error)
}

/** Trades a token for the session's cookie. */
export function LoginForm() {
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
    <form className="login-form" onSubmit={submit} noValidate>
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
  )
}
