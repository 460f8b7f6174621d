/** Codes of postgres.js, and of a Postgres that goes down, comes up or can take no more. */
const outages = /^(CONNECTION_|CONNECT_TIMEOUT|08|57P|53|25P0[34])/
const ofSockets = [
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ENOENT',
]

/**
 * Whether an error says that the database is away, and nothing about what it was asked. The errors
 * of postgres.js name their query; the same codes come from other connections as well.
 */
export function isOutage(error: unknown): boolean {
  if (!(error instanceof Error) || !('code' in error)) return false
  const code = String(error.code)
  return outages.test(code) || ('query' in error && ofSockets.includes(code))
}
