import { Command } from 'commander'
import { codeOf } from '../postgres/error.ts'
import { addCall } from './call.ts'
import { programName } from './derived/line.ts'
import { addDerived } from './derived.ts'
import { addEvents } from './events.ts'
import { printable } from './print.ts'
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
  leadToHelp(program, programName)
  process.stdout.on('error', unwritten)
  try {
    await program.parseAsync()
  } catch (error) {
    const plain = error instanceof Error && plainErrors.includes(error.name)
    console.error(plain ? printable(error.message) : error)
    process.exit(1)
  }
}

/** What a command was called wrongly by is in its own help. */
function leadToHelp(command: Command, line: string): void {
  command.showHelpAfterError(`Try "${line} --help".`)
  for (const each of command.commands) leadToHelp(each, `${line} ${each.name()}`)
}

/** Who stops reading has read enough, such as `head`; a full disk has not. */
function unwritten(error: Error): void {
  if (codeOf(error) === 'EPIPE') return
  console.error(`The answer could not be written: ${error.message}`)
  process.exitCode = 1
}
