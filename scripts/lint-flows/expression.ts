import { parseSync } from 'oxc-parser'
import { childrenOf, isNode, literal, type Node, nameOf, nodesIn, walk } from './syntax.ts'

/** What an expression mentions. */
export interface Mentions {
  /** `results.<id>` */
  results: string[]
  /** `flow_input.<name>` */
  flowInput: string[]
  /** Paths given to `resource()` and `variable()`. */
  resources: string[]
  variables: string[]
  /** Names that are neither declared in it nor known to JavaScript. */
  names: string[]
}

/** Reads an expression as Windmill does. @returns what is wrong with it, when it does not parse */
export function parseExpression(expression: string): Mentions | string {
  const body = expression.includes('return ') ? expression : `return (${expression}\n)`
  const { program, errors } = parseSync('expression.js', `(async () => {${body}\n})`)
  const [error] = errors
  if (error) return error.message
  const mentions: Mentions = {
    ...{ results: [], flowInput: [], resources: [], variables: [], names: [] },
  }
  const declared = new Set<string>()
  for (const root of nodesIn(program.body)) {
    for (const node of walk(root)) collectDeclared(node, declared)
    for (const node of walk(root)) collect(node, declared, mentions)
  }
  return mentions
}

function collectDeclared(node: Node, declared: Set<string>): void {
  const patterns = [
    ...(node.type === 'VariableDeclarator' ? [node.id] : []),
    ...(/Function|Catch/.test(node.type) ? [node.id, node.param, ...nodesIn(node.params)] : []),
  ]
  for (const pattern of patterns.filter(isNode)) {
    for (const { type, name } of walk(pattern)) {
      if (type === 'Identifier') declared.add(String(name))
    }
  }
}

function collect(node: Node, declared: Set<string>, mentions: Mentions): void {
  if (node.type === 'MemberExpression') {
    const object = nameOf(node.object)
    const field = node.computed ? literal(node.property) : nameOf(node.property)
    if (object === 'results' && typeof field === 'string') mentions.results.push(field)
    if (object === 'flow_input' && typeof field === 'string') mentions.flowInput.push(field)
  }
  if (node.type === 'CallExpression') {
    const path = literal(nodesIn(node.arguments)[0])
    const called = nameOf(node.callee)
    if (called === 'resource' && typeof path === 'string') mentions.resources.push(path)
    if (called === 'variable' && typeof path === 'string') mentions.variables.push(path)
  }
  for (const child of usedNames(node)) {
    if (!declared.has(child) && !(child in globalThis)) mentions.names.push(child)
  }
}

/** Identifiers right below a node that stand for a value, not for a field's name. */
function usedNames(node: Node): string[] {
  const plainKey =
    (node.type === 'MemberExpression' && !node.computed && node.property) ||
    (node.type === 'Property' && !node.computed && !node.shorthand && node.key)
  return childrenOf(node)
    .filter((child) => child !== plainKey)
    .flatMap((child) => nameOf(child) ?? [])
}
