import { pino } from 'pino'
import { startApi } from '../../../api/main.ts'

// An API in a process of its own, so that it can be killed. Its arguments: a database, a port, the
// token it knows, and how long a handler may take. Tells in one line where it answers; ends when
// its input does.
const [databaseUrl = '', port = '0', adminToken = '', patience = '5000'] = process.argv.slice(2)
const api = await startApi({
  databaseUrl,
  host: '127.0.0.1',
  port: Number(port),
  adminToken,
  windmill: () => ({ baseUrl: 'http://127.0.0.1:9', token: 'unused', workspace: 'devgodzilla' }),
  sprintIntegration: true,
  consoleDir: null,
  handlerPatience: Number(patience),
  rateLimit: 0,
  log: pino({ level: process.env.TEST_LOG ?? 'silent' }, pino.destination(2)),
})
console.log(JSON.stringify({ url: api.url }))
process.stdin.resume().once('end', () => void api.close())
