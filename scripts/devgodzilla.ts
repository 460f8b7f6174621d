import { Command } from 'commander'
import { addCall } from './cli/call.ts'
import { addEvents } from './cli/events.ts'
import { addFlow } from './cli/flow.ts'
import { addMigrateSprints } from './cli/migrate-sprints.ts'
import { addSpecKit } from './cli/speckit.ts'
import { addSprint } from './cli/sprint.ts'
import { addStart } from './cli/start.ts'
import { addTasks } from './cli/tasks.ts'
import { addToken } from './cli/token.ts'
import { addWindmill } from './cli/windmill.ts'

const program = new Command('devgodzilla')
  .description(
    'SpecKit task files, Windmill protocol runs and the sprint board, telling one story.',
  )
  .showHelpAfterError('Try "devgodzilla --help".')
  .addHelpText(
    'after',
    `
The commands that speak to a running DevGodzilla use DEVGODZILLA_URL and DEVGODZILLA_TOKEN,
or else the one on this machine. First steps:
  devgodzilla start
  devgodzilla sprint list
  devgodzilla tasks check specs/001-my-feature`,
  )

addStart(program)
addFlow(program)
addEvents(program)
addSprint(program)
addTasks(program)
addSpecKit(program)
addMigrateSprints(program)
addToken(program)
addWindmill(program)
addCall(program)

/** Errors that say all there is to say; any other one is a fault of ours, shown with its stack. */
const plainErrors = [
  'AlreadyRunning',
  'CliError',
  'DeployError',
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
