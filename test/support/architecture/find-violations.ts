import { posix } from 'node:path'
import { findCircles } from './find-circles.ts'
import { isBelow, OUTSIDE, type Room, roomOf } from './floors.ts'
import { type Import, readImports } from './read-imports.ts'

/** Path from the root of the repository → source. */
export type Sources = ReadonlyMap<string, string>

/** What breaks the floors, one sentence each; empty when all is well. */
export function findViolations(sources: Sources): string[] {
  const violations: string[] = []
  const graph = new Map<string, Set<string>>()
  for (const [path, source] of sources) {
    const room = roomOf(path)
    if (!room && path.includes('/')) {
      violations.push(`${path} is in no room: give it one in test/support/architecture/floors.ts`)
    }
    const targets = new Set<string>()
    for (const found of readImports(path, source)) {
      const target = resolve(path, found.specifier, sources)
      if (target !== undefined) targets.add(target)
      const wrong = room && refusal(room, found, target)
      if (wrong) violations.push(`${path}:${found.line} ${wrong}`)
    }
    graph.set(path, targets)
  }
  for (const circle of findCircles(graph)) {
    violations.push(`circle: ${[...circle, circle[0]].join(' → ')}`)
  }
  return violations
}

/** Why a room may not import that, undefined when it may. `target` is a file, or else a package. */
function refusal(room: Room, found: Import, target: string | undefined): string | undefined {
  const { specifier, typeOnly } = found
  if (specifier === undefined) {
    return room.literal ? 'imports a computed name, which nobody can check' : undefined
  }
  if (target === undefined) {
    const builtin = specifier.startsWith('node:') ? specifier : `node:${specifier}`
    const outside = OUTSIDE.has(builtin.split('/').slice(0, 1).join())
    return room.pure && outside ? `imports ${specifier}, and ${room.path} does no I/O` : undefined
  }
  if (isBelow(target, room.path)) return undefined
  if (room.mayImport.some((allowed) => isBelow(target, allowed))) return undefined
  if (room.typesFrom?.some((allowed) => isBelow(target, allowed))) {
    return typeOnly ? undefined : `imports more than types from ${target}`
  }
  const other = roomOf(target)
  const upward =
    room.floor !== null && other && other.floor !== null && other.floor > room.floor
      ? ` (floor ${room.floor} → floor ${other.floor})`
      : ''
  return `imports ${target}, which ${room.path} may not${upward}`
}

/** The file an import names, undefined for packages and built-in modules. */
function resolve(
  from: string,
  specifier: string | undefined,
  sources: Sources,
): string | undefined {
  if (specifier === undefined) return undefined
  const bare = specifier.replace(/[?#].*$/, '')
  let path: string
  if (/^\.\.?(\/|$)/.test(bare)) path = posix.join(posix.dirname(from), bare)
  // Windmill resolves absolute imports from the workspace.
  else if (bare.startsWith('/')) path = bare.slice(1)
  else return undefined
  const candidates = [path, `${path}.ts`, `${path}.tsx`, posix.join(path, 'index.ts')]
  return candidates.find((candidate) => sources.has(candidate)) ?? path
}
