/** A node of a syntax tree, as far as this lint looks at it. */
export interface Node {
  type: string
  [field: string]: unknown
}

export const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string'

export const childrenOf = (node: Node): Node[] => Object.values(node).flat().filter(isNode)

/** The node and everything below it. */
export function* walk(node: Node): Generator<Node> {
  yield node
  for (const child of childrenOf(node)) yield* walk(child)
}

export const nodesIn = (value: unknown): Node[] =>
  Array.isArray(value) ? value.filter(isNode) : []

export const nameOf = (value: unknown): string | undefined =>
  isNode(value) && value.type === 'Identifier' ? String(value.name) : undefined

/** The value of a literal, a list or a mapping of literals; `undefined` when it is none. */
export function literal(node: unknown): unknown {
  if (!isNode(node)) return undefined
  if (node.type === 'Literal') return node.value
  if (node.type === 'UnaryExpression' && node.operator === '-') {
    const value = literal(node.argument)
    return typeof value === 'number' ? -value : undefined
  }
  if (node.type === 'ArrayExpression') {
    const values = nodesIn(node.elements).map(literal)
    return values.includes(undefined) ? undefined : values
  }
  if (node.type === 'ObjectExpression' && nodesIn(node.properties).length === 0) return {}
  return undefined
}
