import { parseSync, Visitor } from 'oxc-parser'

/** One import of a source, of any form. */
export type Import = {
  /** As written; undefined when it is computed. */
  readonly specifier: string | undefined
  /** Whether nothing of it is left at run time. */
  readonly typeOnly: boolean
  /** Counted from one. */
  readonly line: number
}

/**
 * Every import of a TypeScript source: static and dynamic imports, re-exports, and types written as
 * `import('…').Name`.
 *
 * @throws Error when the source cannot be parsed
 */
export function readImports(path: string, source: string): Import[] {
  const { module, program, errors } = parseSync(path, source)
  if (errors[0]) throw new Error(`${path} cannot be parsed: ${errors[0].message}`)
  const lineAt = (offset: number) => source.slice(0, offset).split('\n').length
  const found: Import[] = []
  for (const { moduleRequest, entries, start } of module.staticImports) {
    found.push({
      specifier: moduleRequest.value,
      // `import './x'` has no entries and runs the module.
      typeOnly: entries.length > 0 && entries.every(({ isType }) => isType),
      line: lineAt(start),
    })
  }
  for (const { entries, start } of module.staticExports) {
    const [first] = entries
    if (!first?.moduleRequest) continue
    found.push({
      specifier: first.moduleRequest.value,
      typeOnly: entries.every(({ isType }) => isType),
      line: lineAt(start),
    })
  }
  new Visitor({
    ImportExpression(node) {
      found.push({
        specifier: literalText(node.source),
        typeOnly: false,
        line: lineAt(node.start),
      })
    },
    TSImportType(node) {
      found.push({ specifier: node.source.value, typeOnly: true, line: lineAt(node.start) })
    },
  }).visit(program)
  return found.sort((a, b) => a.line - b.line)
}

type Literal = {
  type: string
  value?: unknown
  quasis?: readonly { value: { cooked: string | null } }[]
}

function literalText(node: Literal): string | undefined {
  if (node.type === 'Literal') return String(node.value)
  if (node.type === 'TemplateLiteral' && node.quasis?.length === 1) {
    return node.quasis[0]?.value.cooked ?? undefined
  }
  return undefined
}
