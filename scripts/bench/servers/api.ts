import { pino } from 'pino'
import { startApi } from '../../../api/main.ts'
import { answerQuestions } from './serve.ts'

// The API as it is, with all that a request passes through. Its arguments: a database and a token.
const [databaseUrl = '', adminToken = ''] = process.argv.slice(2)
const api = await startApi({
  databaseUrl,
  host: '127.0.0.1',
  port: 0,
  adminToken,
  windmill: () => ({ baseUrl: 'http://127.0.0.1:9', token: 'none', workspace: 'devgodzilla' }),
  sprintIntegration: false,
  // Counted, as for everybody, and never reached.
  rateLimit: 1_000_000,
  consoleDir: null,
  log: pino({ level: 'info' }, pino.destination(2)),
})
answerQuestions(api.url, api.close)
