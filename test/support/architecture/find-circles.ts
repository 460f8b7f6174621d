/**
 * The circles of an import graph: one per group of files that reach each other, as the shortest way
 * from its first file back to it.
 */
export function findCircles(graph: ReadonlyMap<string, ReadonlySet<string>>): string[][] {
  const circles: string[][] = []
  const told = new Set<string>()
  for (const start of [...graph.keys()].sort()) {
    if (told.has(start)) continue
    const circle = shortestWayBack(graph, start)
    if (!circle) continue
    for (const path of circle) told.add(path)
    circles.push(circle)
  }
  return circles
}

function shortestWayBack(
  graph: ReadonlyMap<string, ReadonlySet<string>>,
  start: string,
): string[] | undefined {
  const cameFrom = new Map<string, string>()
  const queue = [start]
  for (const path of queue) {
    for (const next of graph.get(path) ?? []) {
      if (next === start) return unwind(cameFrom, path, start)
      if (cameFrom.has(next)) continue
      cameFrom.set(next, path)
      queue.push(next)
    }
  }
  return undefined
}

function unwind(cameFrom: ReadonlyMap<string, string>, last: string, start: string): string[] {
  const way = [last]
  for (let at = last; at !== start; ) {
    at = cameFrom.get(at) ?? start
    way.unshift(at)
  }
  return way
}
