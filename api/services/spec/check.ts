import { checkTasks as command } from '../../commands/specs.ts'
import { query } from '../query.ts'
import { parsedText } from './plan-text.ts'

/** What an import would find in a text, for whoever has just written it. */
export const checkTasks = query(command, async (_context, { content }) => {
  const { tasks, dependencies, skipped } = parsedText(content)
  const hard = dependencies.filter(({ kind }) => kind === 'hard').length
  return {
    recognised: tasks.length,
    dependencies: { hard, suggested: dependencies.length - hard },
    skipped,
  }
})
