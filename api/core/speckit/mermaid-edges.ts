import { type IdGroup, idGroups } from './id-groups.ts'
import type { IdPart } from './task-id.ts'

export interface MermaidEdge {
  /** Waits for `to`. */
  from: IdPart[]
  to: IdPart[]
}

const ARROW = /<?[-=.]{1,6}(?:>|[xo](?=\s))(?:\|[^|]{0,80}\|)?|-{2} [^->|]{1,60} -{2,3}>/u
const NODE = /^\s*([\p{L}\p{N}_.-]{1,60})\s*([[({>][^\n]{0,300})?/u
const LINE_LIMIT = 4000

/** Reads "A --> B" lines of a flowchart, in which a node is a task id or a name labelled with one. */
export class MermaidReader {
  readonly #aliases = new Map<string, IdPart[]>()

  read(line: string): MermaidEdge[] {
    if (line.length > LINE_LIMIT) return []
    const edges: MermaidEdge[] = []
    let previous: IdPart[] | null = null
    for (const piece of line.split(ARROW)) {
      const parts = piece.split('&').flatMap((node) => this.#node(node))
      if (previous !== null && previous.length > 0 && parts.length > 0) {
        edges.push({ from: parts, to: previous })
      }
      previous = parts
    }
    return edges
  }

  #node(text: string): IdPart[] {
    const match = NODE.exec(text)
    if (match?.[1] === undefined) return []
    const name = match[1]
    const own: IdGroup | undefined = idGroups(name)[0]
    if (own !== undefined && own.start === 0 && own.end === name.length) return own.parts
    const label = idGroups(match[2] ?? '')[0]
    if (label === undefined) return this.#aliases.get(name) ?? []
    this.#aliases.set(name, label.parts)
    return label.parts
  }
}
