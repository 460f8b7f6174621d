import { join } from 'node:path'
import { destination, type Logger, pino } from 'pino'

export interface Log {
  log: Logger
  /** Where it goes, in words. */
  where: string
}

/** JSON lines: to a file in the data folder where a person watches the terminal, else to stderr. */
export function openLog(dataDir: string, level: string, interactive: boolean): Log {
  const file = join(dataDir, 'devgodzilla.log')
  const options = {
    level,
    redact: ['req.headers.authorization', 'authorization', 'token', 'secret', 'password'],
  }
  if (!interactive) return { log: pino(options, destination(2)), where: 'this terminal (stderr)' }
  return { log: pino(options, destination({ dest: file, mode: 0o600 })), where: file }
}
