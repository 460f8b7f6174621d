import { parseSync } from 'oxc-parser'
import { type Inferred, inferType, inferValue } from './infer.ts'
import { isNode, literal, type Node, nameOf, nodesIn, walk } from './syntax.ts'

export interface Parameter {
  name: string
  type: Inferred
  required: boolean
  /** Null where the parameter is optional without a default. */
  default: unknown
}

/** What Windmill sees of a script: the parameters of its `main`, or none of it. */
export interface Script {
  file: string
  /** Undefined for a shared module, which has no `main`. */
  parameters: Parameter[] | undefined
  /** What it imports to run, not for its types alone: files, packages, modules of Node. */
  imports: string[]
  /** What Windmill's own parser could not make sense of. */
  faults: { where: string; message: string }[]
}

/** The function that Windmill calls: a flow's preprocessor has another. */
export type Entrypoint = 'main' | 'preprocessor'

export function parseScript(file: string, source: string, entrypoint: Entrypoint = 'main'): Script {
  const script: Script = { file, parameters: undefined, imports: [], faults: [] }
  const { program, errors } = parseSync(file, source)
  const [error] = errors
  if (error) script.faults.push({ where: '', message: `does not parse: ${error.message}` })
  const body = nodesIn(program.body)
  script.imports = body.flatMap((node) => [...walk(node)]).flatMap(importedBy)
  const aliases = typeAliases(body)
  const exported = body.map((node) => exportedAs(entrypoint, node))
  const main = exported.find((node) => node !== undefined)
  if (!main) return script
  if (main.type !== 'FunctionDeclaration') {
    const message = `write ${entrypoint} as \`export async function ${entrypoint}(…)\`: Windmill finds no other form`
    script.faults.push({ where: entrypoint, message })
    return script
  }
  script.parameters = nodesIn(main.params).flatMap((node, index) => {
    const read = parameter(node, aliases)
    if (typeof read !== 'string') return [read]
    script.faults.push({ where: `parameter ${index + 1} of ${entrypoint}`, message: read })
    return []
  })
  return script
}

function importedBy({ type, source, importKind, exportKind }: Node): string[] {
  const imports = /^(Import(Declaration|Expression)|Export(Named|All)Declaration)$/.test(type)
  if (!imports || importKind === 'type' || exportKind === 'type') return []
  const path = literal(source)
  return typeof path === 'string' ? [path] : []
}

/** The function of that name, or whatever else is exported by it. */
function exportedAs(name: Entrypoint, node: Node): Node | undefined {
  if (node.type !== 'ExportNamedDeclaration' || !isNode(node.declaration)) return undefined
  const { declaration } = node
  if (nameOf(declaration.id) === name) return declaration
  return nodesIn(declaration.declarations).find(({ id }) => nameOf(id) === name)
}

function typeAliases(body: Node[]): Map<string, unknown> {
  const declared = body.map((node) => (isNode(node.declaration) ? node.declaration : node))
  return new Map(
    declared
      .filter(({ type }) => type === 'TSTypeAliasDeclaration' || type === 'TSInterfaceDeclaration')
      .map((node) => [nameOf(node.id) ?? '', node.typeAnnotation ?? node.body]),
  )
}

/** The parameter, or why Windmill could not pass it. */
function parameter(node: Node, aliases: Map<string, unknown>): Parameter | string {
  const assigned = node.type === 'AssignmentPattern'
  const target = assigned ? node.left : node
  const name = nameOf(target)
  if (!name || !isNode(target)) {
    return 'must be a plain name: Windmill passes arguments by the names of parameters'
  }
  const annotation = isNode(target.typeAnnotation)
    ? target.typeAnnotation.typeAnnotation
    : undefined
  const value = assigned ? literal(node.right) : null
  if (value === undefined)
    return `${name} must have a literal for its default, to be shown in the form`
  const type = annotation ? inferType(annotation, aliases) : inferValue(value)
  if (typeof type === 'string') return `${name} ${type}`
  return {
    name,
    type,
    required: !assigned && target.optional !== true && !type.nullable,
    default: value,
  }
}
