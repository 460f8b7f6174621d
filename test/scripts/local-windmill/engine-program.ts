import { pino } from 'pino'
import { createLocalWindmill } from '../../../scripts/local-windmill/index.ts'

/**
 * An engine as a process of its own, to be killed: options as JSON in the first argument, its
 * address as one JSON line, then it stays until it is killed or its input ends.
 */
const { databaseUrl, root, secretKey, buildsDir } = JSON.parse(process.argv[2] ?? '') as {
  databaseUrl: string
  root: string
  secretKey: string
  buildsDir: string
}

const engine = await createLocalWindmill({
  databaseUrl,
  root,
  authenticate: async (token) =>
    token === 'member' ? { name: 'the-member', role: 'member' } : null,
  host: '127.0.0.1',
  port: 0,
  secretKey: Buffer.from(secretKey, 'base64'),
  buildsDir,
  log: pino({ level: 'error' }, pino.destination(2)),
})
process.stdout.write(`${JSON.stringify({ url: engine.url })}\n`)
process.stdin.resume()
process.stdin.once('end', () => {
  engine.close().then(() => process.exit(0))
})
