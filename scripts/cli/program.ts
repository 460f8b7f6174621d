import { Command } from 'commander'
import { addCall } from './call.ts'
import { addDerived } from './derived.ts'
import { addEvents } from './events.ts'
import { addSprint } from './sprint.ts'
import { addTasks } from './tasks.ts'
import { addToken } from './token.ts'
import { addVerify } from './verify.ts'

/** The program with those of its commands that only speak to the API, or read a file. */
export function clientProgram(asked: string | undefined): Command {
  const program = new Command('devgodzilla')
    .description(
      'SpecKit task files, Windmill protocol runs and the sprint board, telling one story.',
    )
    .showHelpAfterError('Try "devgodzilla --help".')
    .addHelpText(
      'after',
      `
The commands that speak to a running DevGodzilla use DEVGODZILLA_URL and DEVGODZILLA_TOKEN,
or else the one on this machine, on the data folder DEVGODZILLA_DATA_DIR. First steps:
  devgodzilla start
  devgodzilla sprint list
  devgodzilla tasks check specs/001-my-feature`,
    )
  addEvents(program)
  addSprint(program)
  addTasks(program)
  addToken(program)
  addVerify(program)
  addCall(program)
  addDerived(program, asked)
  return program
}

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

export async function runProgram(program: Command): Promise<void> {
  try {
    await program.parseAsync()
  } catch (error) {
    const plain = error instanceof Error && plainErrors.includes(error.name)
    console.error(plain ? error.message : error)
    process.exit(1)
  }
}
