import { Command } from 'commander'
import { addStart } from './cli/start.ts'

const program = new Command('devgodzilla')
  .description(
    'SpecKit task files, Windmill protocol runs and the sprint board, telling one story.',
  )
  .showHelpAfterError('Try "devgodzilla --help".')

addStart(program)

/** Errors that say all there is to say; any other one is a fault of ours, shown with its stack. */
const plainErrors = [
  'AlreadyRunning',
  'CliError',
  'MigrationError',
  'PortTaken',
  'PostgresUnavailable',
  'SettingsError',
]

program.parseAsync().catch((error: unknown) => {
  const plain = error instanceof Error && plainErrors.includes(error.name)
  console.error(plain ? (error as Error).message : error)
  process.exit(1)
})
