import { startPostgres } from '../../../scripts/postgres/start.ts'

/**
 * Starts the embedded Postgres as a process of its own: options as JSON in the first argument, the
 * answer as one JSON line, then it stays until it is killed or its input ends, which stops Postgres.
 */
const options = JSON.parse(process.argv[2] ?? '')
try {
  const { url, pid, reused, stop } = await startPostgres({
    ...options,
    settings: { fsync: 'off' },
    log: (message) => console.error(message),
  })
  console.log(JSON.stringify({ url, pid, reused }))
  process.stdin.resume().once('end', stop)
} catch (error) {
  console.log(JSON.stringify({ error: String(error) }))
}
