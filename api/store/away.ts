const closed = ['CONNECTION_CLOSED', 'CONNECTION_DESTROYED', 'CONNECTION_ENDED', 'CONNECT_TIMEOUT']
const ofSockets = ['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT']
const ofServer = ['57P01', '57P02', '57P03']

/**
 * Whether an error says that Postgres is away: going down, coming up, or not to be reached. The
 * errors of postgres.js name their query; the same codes come from other connections as well.
 */
export function databaseIsAway(error: unknown): boolean {
  if (!(error instanceof Error) || !('code' in error)) return false
  const code = String(error.code)
  if (closed.includes(code) || ofServer.includes(code)) return true
  return 'query' in error && ofSockets.includes(code)
}
