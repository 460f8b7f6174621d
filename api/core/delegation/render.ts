import { AssertionError, Liquid, LiquidError, type Template } from 'liquidjs'
import type { Problem } from './fields.ts'

/** A template that cannot be read or rendered: where, and why. */
export class TemplateProblem extends Error {
  readonly problem: Problem

  constructor(problem: Problem) {
    super(`${problem.path}:${problem.line ?? 1}:${problem.column ?? 1}: ${problem.message}`)
    this.problem = problem
  }
}

export interface TemplateSource {
  path: string
  text: string
}

export type Rendered = (variables: object) => string

/** A template of a kind, ready to be rendered. */
export interface Prepared {
  path: string
  render: Rendered
}

/**
 * What a template of somebody else may take: characters of its text, milliseconds and pieces of one
 * rendering, units of memory (characters and items that it makes).
 */
const limits = { parseLimit: 200_000, renderLimit: 500, memoryLimit: 20_000_000 } as const
const templateLimit = 200_000

const strict = {
  ...limits,
  strictVariables: true,
  strictFilters: true,
  ownPropertyOnly: true,
  timezoneOffset: 0,
  // In place of files: a template finds nothing that it could include.
  templates: {},
}
const markdown = new Liquid(strict)
const yaml = new Liquid({
  ...strict,
  outputEscape: (value: unknown) => JSON.stringify(value ?? null),
})

/**
 * A template made ready to be rendered any number of times.
 * @throws TemplateProblem for what is wrong with it: here its syntax, later unknown variables
 */
export function compiled({ path, text }: TemplateSource, kind: 'markdown' | 'yaml'): Rendered {
  const engine = kind === 'yaml' ? yaml : markdown
  const template = explaining(path, (): Template[] => engine.parse(text, path))
  return (variables) =>
    explaining(path, () => String(engine.renderSync(template, variables, { templateLimit })))
}

function explaining<T>(path: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    // A limit that was reached within a filter.
    if (error instanceof AssertionError) {
      throw new TemplateProblem({ path, line: 1, column: 1, message: error.message })
    }
    if (!LiquidError.is(error)) throw error
    const [line = 1, column = 1] = positionOf(error)
    const message = error.message.replace(/(, file:[^\n]*?)?, line:\d+, col:\d+$/, '')
    throw new TemplateProblem({ path, line, column, message })
  }
}

function positionOf(error: LiquidError): number[] {
  const { token } = error as LiquidError & { token?: { getPosition?: () => number[] } }
  return token?.getPosition?.() ?? []
}
