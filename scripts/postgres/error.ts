/** What a person can do instead, said with every failure to bring up the embedded database. */
const WAYS_OUT =
  'Name another folder in DEVGODZILLA_DATA_DIR, or set DATABASE_URL to a Postgres of your own.'

/** The embedded Postgres cannot serve; the message is meant for the person who started us. */
export class PostgresUnavailable extends Error {
  override readonly name = 'PostgresUnavailable'

  constructor(reason: string, options?: ErrorOptions) {
    super(`${reason.replace(/[\s.]*$/, '.')} ${WAYS_OUT}`, options)
  }
}

/** The code of a system or Postgres error (`ENOENT`, `28P01`, …), if it has one. */
export function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined
  return typeof error.code === 'string' ? error.code : undefined
}

/** For reads that may find nothing: answers undefined for the expected code, rethrows the rest. */
export function unlessCode(...codes: string[]): (error: unknown) => undefined {
  return (error) => {
    if (!codes.includes(codeOf(error) ?? '')) throw error
    return undefined
  }
}
