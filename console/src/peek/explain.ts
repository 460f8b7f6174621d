import { Problem } from '../api/problem.ts'

/** A refusal as words beside what was asked for. */
export function explain(error: unknown): string {
  if (!(error instanceof Problem)) return String(error)
  if (error.unreachable)
    return 'The server does not answer: this may not be saved. Try again once it does.'
  const said = error.fields[0]?.message ?? error.message
  return error.rule && error.status === 409 ? `${said} (${error.rule})` : said
}
