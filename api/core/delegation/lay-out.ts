import { ourKeys } from './agent-fields.ts'
import type { Fields, Reading } from './fields.ts'
import { readAgent } from './read-agent.ts'
import { readMarkdown } from './read-markdown.ts'
import { type Prepared, TemplateProblem } from './render.ts'
import { type Shape, sprintShape, taskShape } from './shapes.ts'
import {
  type AboutSprint,
  type AboutTask,
  agentVariables,
  sprintVariables,
  taskVariables,
} from './variables.ts'
import { laidOut } from './write-agent.ts'

/** SPRINT.md as a template makes it of what the database says. */
export const sprintFile = (template: Prepared, about: AboutSprint): string =>
  markdownFile(template, sprintVariables(about), sprintShape)

export const taskFile = (template: Prepared, about: AboutTask): string =>
  markdownFile(template, taskVariables(about), taskShape)

/**
 * AGENT.yml: the template, and below it what else the agent of this task is told.
 * @throws TemplateProblem where what comes out is no YAML
 */
export function agentFile(template: Prepared, about: AboutTask): string {
  const rendered = readAgent(template.render(agentVariables(about)))
  refuseProblems(template, rendered)
  const config = Object.fromEntries(
    Object.entries(about.task.agent_config).filter(([key]) => !ourKeys.includes(key)),
  )
  return laidOut(rendered, config as Fields)
}

function markdownFile(template: Prepared, variables: object, shape: Shape): string {
  const rendered = template.render(variables).replace(/\r\n?/g, '\n')
  // An empty section is two lines of distance, not four.
  const text = rendered.replace(/(?<!\n)\n{3,}(?=## )/g, '\n\n')
  refuseProblems(template, readMarkdown(text, shape))
  return text
}

function refuseProblems({ path }: Prepared, { problems }: Reading): void {
  const [problem] = problems
  if (!problem) return
  const message = `what it makes cannot be read back (there line ${problem.line ?? 1}): ${problem.message}`
  throw new TemplateProblem({ path, line: 1, column: 1, message })
}
