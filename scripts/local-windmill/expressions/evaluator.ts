import { StepFailure } from '../job-error.ts'
import type { Json } from '../json.ts'
import { type ExpressionLimits, ExpressionThread } from './expression-thread.ts'
import type { Answer, Question } from './quickjs-thread.ts'

/** What an expression can see, beside `variable(path)` and `resource(path)`. */
export type ExpressionScope = {
  globals: Record<string, Json>
  /** The ids with a result, and a way to it: only those an expression names are read. */
  resultIds(): string[]
  result(id: string): Json
  lookup(kind: 'variable' | 'resource', path: string): Promise<Json>
}

const THREADS = 2
const LIMITS: ExpressionLimits = { timeoutMs: 10_000, memoryBytes: 128 * 1024 * 1024 }

/** Evaluates the JavaScript expressions of flows, each apart from the engine and all else. */
export class Evaluator {
  readonly #threads: ExpressionThread[]

  constructor(limits: Partial<ExpressionLimits> = {}) {
    this.#threads = Array.from(
      { length: THREADS },
      () => new ExpressionThread({ ...LIMITS, ...limits }),
    )
  }

  /**
   * The values of named expressions, in one scope.
   * @throws StepFailure naming the expression that failed
   */
  async evaluate(
    expressions: Record<string, string>,
    scope: ExpressionScope,
  ): Promise<Record<string, Json>> {
    const entries = Object.entries(expressions)
    if (entries.length === 0) return {}
    const source = entries.map(([, expr]) => expr).join('\n')
    const question: Question = {
      expressions: entries,
      globals: mapValues(scope.globals, (value) => JSON.stringify(value)),
      results: Object.fromEntries(
        idsNamed(source, scope.resultIds()).map((id) => [id, JSON.stringify(scope.result(id))]),
      ),
      lookups: {},
    }
    const answer = await this.#ask(question, scope)
    return Object.fromEntries(
      answer.values.map((value) => {
        if ('error' in value) throw failure(value.name, expressions[value.name], value.error)
        return [value.name, JSON.parse(value.json) as Json]
      }),
    )
  }

  async close(): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread.close()))
  }

  /** An expression that looks something up runs again, with it, until nothing is missing. */
  async #ask(question: Question, scope: ExpressionScope): Promise<Answer> {
    for (let round = 0; round < 20; round++) {
      const answer = await this.#leastBusy()
        .ask(question)
        .catch((error: Error) => {
          const [name, expr] = question.expressions[0] ?? ['', '']
          throw failure(name, expr, error.message)
        })
      if (answer.missing.length === 0) return answer
      for (const key of answer.missing) {
        const at = key.indexOf(' ')
        const kind = key.slice(0, at) === 'variable' ? 'variable' : 'resource'
        question.lookups[key] = JSON.stringify(await scope.lookup(kind, key.slice(at + 1)))
      }
    }
    throw new StepFailure(
      'ExpressionError',
      'an expression looks up ever more variables or resources',
    )
  }

  #leastBusy(): ExpressionThread {
    return this.#threads.reduce((best, thread) => (thread.load < best.load ? thread : best))
  }
}

/** Where `results` is used as more than `results.id`, every result is needed. */
function idsNamed(source: string, ids: string[]): string[] {
  const uses = source.match(/\bresults\b/g)?.length ?? 0
  const named = [...source.matchAll(/\bresults(?:\?\.|\.)([A-Za-z_$][\w$]*)/g)]
  if (named.length < uses) return ids
  const wanted = new Set(named.map((match) => match[1]))
  return ids.filter((id) => wanted.has(id))
}

function failure(name: string, expr: string | undefined, why: string): StepFailure {
  return new StepFailure('ExpressionError', `${name}: \`${expr}\` failed: ${why}`)
}

function mapValues<A, B>(record: Record<string, A>, map: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]))
}
