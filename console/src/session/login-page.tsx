import type { Problem } from '../api/problem.ts'
import { CommandLine } from '../ui/command-line.tsx'
import { Mark } from '../ui/mark.tsx'
import { ThemeToggle } from '../ui/theme-toggle.tsx'
import { useTitle } from '../ui/title.ts'
import { LoginForm } from './login-form.tsx'
import './login-page.css'

/** Getting in without the one-time link: paste a token. */
export function LoginPage({ linkProblem }: { linkProblem: Problem | null }) {
  useTitle('Sign in')
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
        <LoginForm />
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
