import { type Heading, type HeadingPhase, readPhase } from './phase-heading.ts'
import type { Line } from './scan-lines.ts'
import type { ParsedPhase, ParsedTask } from './types.ts'

interface Open {
  level: number
  phase: HeadingPhase
  index: number
}

/**
 * Gives each task the innermost heading above it that names a phase; where none does, the outermost
 * section below the document title. Returns the phases that have tasks, in order.
 */
export function assignPhases(
  lines: readonly Line[],
  headings: ReadonlyMap<number, Heading>,
  placed: readonly { task: ParsedTask; start: number }[],
): ParsedPhase[] {
  const open: Open[] = []
  const order = [...headings]
  const phases = new Map<number, ParsedPhase>()
  let next = 0
  for (const { task, start } of placed) {
    // A task that is itself a heading is not its own phase.
    for (; next < order.length; next++) {
      const [index, heading] = order[next] ?? [0, { level: 1, textStart: 0 }]
      if (index >= start) break
      while (open.length > 0 && (open.at(-1)?.level ?? 0) >= heading.level) open.pop()
      const text = lines[index]?.text.slice(heading.textStart) ?? ''
      open.push({ level: heading.level, phase: readPhase(text), index })
    }
    const level = headings.get(start)?.level ?? 7
    const above = open.filter((entry) => entry.level < level)
    const inner =
      above.findLast(({ phase }) => phase.named) ??
      above.find((entry) => entry.level > 1) ??
      above.findLast(({ level: own }) => own === 1 && open.length > 1)
    if (inner === undefined) continue
    const { number, title } = inner.phase
    task.phase = { number, title }
    const known = phases.get(inner.index)
    if (known === undefined) {
      phases.set(inner.index, { number, title, line: inner.index + 1, tasks: 1 })
    } else known.tasks++
  }
  return [...phases.values()].sort((a, b) => a.line - b.line)
}
