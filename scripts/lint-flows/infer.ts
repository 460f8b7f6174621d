import { isNode, literal, type Node, nameOf, nodesIn } from './syntax.ts'

/** A parameter's type, as Windmill writes it into the schema of a script. */
export interface Inferred {
  /** JSON schema type; undefined where anything goes. */
  type: string | undefined
  format?: string
  enum?: unknown[]
  items?: Inferred
  properties?: Map<string, Inferred>
  /** `| null` or `| undefined`: the argument may be left out. */
  nullable?: boolean
}

const keywords: Record<string, Inferred> = {
  TSStringKeyword: { type: 'string' },
  TSNumberKeyword: { type: 'number' },
  TSBooleanKeyword: { type: 'boolean' },
  TSBigIntKeyword: { type: 'integer' },
  TSObjectKeyword: { type: 'object' },
  TSAnyKeyword: { type: undefined },
  TSUnknownKeyword: { type: undefined },
}
const absent = new Set(['TSNullKeyword', 'TSUndefinedKeyword'])

/** The type, or a sentence on why Windmill would not understand it. */
export function inferType(annotation: unknown, aliases: Map<string, unknown>): Inferred | string {
  if (!isNode(annotation)) return { type: undefined }
  const known = keywords[annotation.type]
  if (known) return known
  switch (annotation.type) {
    case 'TSArrayType': {
      const items = inferType(annotation.elementType, aliases)
      return typeof items === 'string' ? items : { type: 'array', items }
    }
    case 'TSTypeLiteral':
      return members(nodesIn(annotation.members), aliases)
    case 'TSInterfaceBody':
      return members(nodesIn(annotation.body), aliases)
    case 'TSUnionType':
      return union(nodesIn(annotation.types), aliases)
    case 'TSLiteralType':
      return oneOf([annotation])
    case 'TSTypeReference':
      return reference(annotation, aliases)
    default:
      return `has a type that Windmill does not read (${annotation.type}): use an inline type`
  }
}

/** The type that a default stands for, where nothing else is said. */
export function inferValue(value: unknown): Inferred {
  if (Array.isArray(value)) return { type: 'array' }
  // Windmill tells 30 from 30.5 where the type is not written down.
  if (Number.isInteger(value)) return { type: 'integer' }
  return { type: value === null ? undefined : typeof value }
}

function members(signatures: Node[], aliases: Map<string, unknown>): Inferred | string {
  const properties = new Map<string, Inferred>()
  for (const { key, typeAnnotation } of signatures) {
    const type = inferType(isNode(typeAnnotation) ? typeAnnotation.typeAnnotation : null, aliases)
    if (typeof type === 'string') return type
    properties.set(nameOf(key) ?? String(literal(key)), type)
  }
  return { type: 'object', properties }
}

function union(types: Node[], aliases: Map<string, unknown>): Inferred | string {
  const present = types.filter(({ type }) => !absent.has(type))
  const nullable = present.length < types.length
  const [only] = present
  const type =
    present.length === 1 && only
      ? inferType(only, aliases)
      : present.every((node) => node.type === 'TSLiteralType')
        ? oneOf(present)
        : { type: undefined }
  return typeof type === 'string' ? type : { ...type, ...(nullable ? { nullable } : {}) }
}

function oneOf(literals: Node[]): Inferred {
  const values = literals.map((node) => literal(node.literal))
  return { type: typeof values[0], enum: values }
}

function reference(node: Node, aliases: Map<string, unknown>): Inferred | string {
  const name = nameOf(node.typeName) ?? ''
  if (name === 'Date') return { type: 'string', format: 'date-time' }
  if (name === 'Array' || name === 'Record') {
    return `has the type ${name}<…>, which Windmill takes for a resource: use T[] or an inline type`
  }
  if (!aliases.has(name)) {
    return `has the type ${name}, which is not declared in this file: Windmill reads no imports`
  }
  const type = inferType(aliases.get(name), aliases)
  if (typeof type === 'string' || type.type !== 'object') return type
  // A named object type is the resource type of that name.
  return { ...type, format: `resource-${snakeCase(name)}` }
}

const snakeCase = (name: string) =>
  name.replace(/(?<=[a-z0-9])[A-Z]|(?<=[A-Z])[A-Z](?=[a-z])/g, (it) => `_${it}`).toLowerCase()
