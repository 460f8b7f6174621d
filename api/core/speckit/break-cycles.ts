import type { Edge } from './edge-set.ts'

/**
 * Turns every hard edge inside a circle into a suggestion, in place, since a circle can never start.
 * Tarjan's components without recursion, so that 100,000 tasks in a row do not exhaust the stack.
 * Returns the edges that were turned.
 */
export function breakCycles(edges: readonly Edge[]): Edge[] {
  const next = new Map<number, number[]>()
  for (const edge of edges) {
    if (edge.kind !== 'hard') continue
    const list = next.get(edge.from)
    if (list === undefined) next.set(edge.from, [edge.to])
    else list.push(edge.to)
  }
  const component = components(next)
  const turned: Edge[] = []
  for (const edge of edges) {
    if (edge.kind !== 'hard') continue
    if (component.get(edge.from) !== component.get(edge.to)) continue
    edge.kind = 'suggested'
    edge.confidence = Math.min(edge.confidence, 0.5)
    turned.push(edge)
  }
  return turned
}

function components(next: ReadonlyMap<number, readonly number[]>): Map<number, number> {
  const order = new Map<number, number>()
  const low = new Map<number, number>()
  const component = new Map<number, number>()
  const stack: number[] = []
  for (const root of next.keys()) {
    if (order.has(root)) continue
    const work: { node: number; child: number }[] = [{ node: root, child: 0 }]
    while (work.length > 0) {
      const top = work.at(-1)
      if (top === undefined) break
      const { node } = top
      if (top.child === 0) {
        low.set(node, order.size)
        order.set(node, order.size)
        stack.push(node)
      }
      const target = next.get(node)?.[top.child]
      if (target !== undefined) {
        top.child++
        if (!order.has(target)) work.push({ node: target, child: 0 })
        else if (!component.has(target)) {
          low.set(node, Math.min(low.get(node) ?? 0, order.get(target) ?? 0))
        }
        continue
      }
      work.pop()
      const parent = work.at(-1)?.node
      const own = low.get(node) ?? 0
      if (parent !== undefined) low.set(parent, Math.min(low.get(parent) ?? 0, own))
      if (own !== order.get(node)) continue
      for (let member = stack.pop(); member !== undefined; member = stack.pop()) {
        component.set(member, node)
        if (member === node) break
      }
    }
  }
  return component
}
