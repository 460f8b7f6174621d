import { clientProgram, runProgram } from './cli/program.ts'

/** Groups that have commands of their own besides those of the API: the whole program has all. */
const elsewhere = ['flow', 'delegation']

/** Runs the command that was asked for; false where it is none that only speaks to the API. */
export async function runClient(): Promise<boolean> {
  const asked = process.argv[2] ?? ''
  if (elsewhere.includes(asked)) return false
  const program = clientProgram(asked)
  if (!program.commands.some((it) => it.name() === asked)) return false
  await runProgram(program)
  return true
}
