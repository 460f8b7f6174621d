import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import type { Json, Operation } from './operations.ts'
import type { Answer } from './target.ts'

/** What the document promises of requests and answers. */
export interface Contract {
  /** Whether a request breaks what is described; false also where that cannot be told. */
  breaks(operation: Operation, body: Buffer | null, texts: Record<string, string>): boolean
  /** What is wrong with an answer; null: nothing. */
  fault(operation: Operation, answer: Answer): string | null
}

/** A server answers these before it knows which operation was meant. */
const ofHttpItself = [431]

export function contractOf(document: Json): Contract {
  const ajv = new Ajv2020({ strict: false, validateFormats: false })
  const compiled = new Map<Json, ValidateFunction>()
  const check = (schema: Json) => {
    const known = compiled.get(schema)
    if (known) return known
    // References are to the components of the whole document.
    const made = ajv.compile({ ...schema, components: document.components })
    compiled.set(schema, made)
    return made
  }

  return {
    breaks(operation, body, texts) {
      const wrongText = operation.parameters.some((it) => {
        const text = texts[it.name]
        if (it.in === 'header' || text === undefined || text === '') return false
        return textBreaks(check(it.schema), it.schema, text)
      })
      if (wrongText) return true
      if (!operation.body) return false
      const value = jsonOf(body)
      return value === unreadable || !check(operation.body)(value)
    },

    fault(operation, { status, type, body }) {
      if (ofHttpItself.includes(status)) return unnamed(body)
      const types = operation.answers.get(status)
      if (!types) return `${status} is not described for this operation`
      const schema = types.get(type)
      if (!schema) return `${status} is not described with the type "${type}"`
      const validate = check(schema)
      if (!validate(body)) {
        return `${status} is not as described: ${ajv.errorsText(validate.errors)}`
      }
      if (status >= 400 && type === 'application/problem+json') return unnamed(body)
      return null
    },
  }
}

/** A refusal names its rule; that of an input names the field, and says what is wrong with it. */
function unnamed(problem: Json): string | null {
  if (!problem.rule) return 'the refusal names no rule'
  if (problem.status !== 422) return null
  const named =
    problem.errors?.length > 0 && problem.errors.every((it: Json) => it.field && it.message)
  return named ? null : 'the refusal names no field'
}

const unreadable = Symbol('not JSON')

function jsonOf(body: Buffer | null): unknown {
  if (body === null || body.length === 0) return {}
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body))
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) return unreadable
    throw error
  }
}

function textBreaks(validate: ValidateFunction, schema: Json, text: string): boolean {
  let plain: string
  try {
    plain = decodeURIComponent(text)
  } catch (error) {
    // Half an escape: servers differ in what they take it for.
    if (error instanceof URIError) return false
    throw error
  }
  if (schema.type === 'string' || schema.enum) return !validate(plain)
  // A blank is nothing, or zero, as one sees it.
  return plain.trim() !== '' && !validate(Number(plain))
}
