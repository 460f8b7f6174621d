import { pino } from 'pino'
import { type Api, type ApiConfig, startApi } from '../../../api/main.ts'
import type { TestApi } from '../../support/api.ts'

/** A second API on the database of the first, as another process would be; the test closes it. */
export const secondProcess = (
  first: Pick<TestApi, 'database' | 'adminToken'>,
  outgoing: ApiConfig['outgoing'],
): Promise<Api> =>
  startApi({
    databaseUrl: first.database.url,
    host: '127.0.0.1',
    port: 0,
    adminToken: first.adminToken,
    windmill: () => ({ baseUrl: 'http://127.0.0.1:9', token: 'unused', workspace: 'w' }),
    sprintIntegration: false,
    ...(outgoing ? { outgoing } : {}),
    consoleDir: null,
    log: pino({ level: 'silent' }),
  })
