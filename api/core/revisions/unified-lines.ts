import { diffIndices } from 'node-diff3'
import { areComparable } from '../comparable-lines.ts'

/** Lines shown around a change. */
const around = 3

/**
 * How one text becomes another, as hunks of a unified diff (`@@ -1,3 +1,4 @@`). Null where neither
 * has a second line, and where they are too long to compare.
 */
export function unifiedLines(from: string, to: string): string | null {
  const [old, now] = [from.split('\n'), to.split('\n')]
  if (old.length === 1 && now.length === 1) return null
  const [start, end] = equalEnds(old, now)
  const middle = [old, now].map((it) => it.slice(start, it.length - end)) as [string[], string[]]
  if (!areComparable(...middle)) return null
  const hunks: string[] = []
  let group: Change[] = []
  const changes = diffIndices(...middle).map(({ buffer1: [at, cut], buffer2: [to, put] }) => ({
    ...{ at: start + at, cut, to: start + to, put },
  }))
  for (const change of changes) {
    const last = group.at(-1)
    if (last && change.at - (last.at + last.cut) > 2 * around) {
      hunks.push(hunkOf(group, old, now))
      group = []
    }
    group.push(change)
  }
  if (group.length > 0) hunks.push(hunkOf(group, old, now))
  return hunks.join('\n')
}

/** How many lines are the same at the beginning, and at the end. */
function equalEnds(old: readonly string[], now: readonly string[]): [number, number] {
  const most = Math.min(old.length, now.length)
  let start = 0
  while (start < most && old[start] === now[start]) start++
  let end = 0
  while (end < most - start && old.at(-1 - end) === now.at(-1 - end)) end++
  return [start, end]
}

/** `cut` lines of the old text from `at` on became `put` lines of the new one from `to` on. */
interface Change {
  at: number
  cut: number
  to: number
  put: number
}

function hunkOf(group: readonly Change[], old: readonly string[], now: readonly string[]): string {
  const [first, last] = [group[0], group.at(-1)]
  if (!first || !last) return ''
  const lead = Math.min(around, first.at)
  const [from, to] = [first.at - lead, first.to - lead]
  const end = Math.min(old.length, last.at + last.cut + around)
  const lines: string[] = []
  let next = from
  for (const { at, cut, to, put } of group) {
    lines.push(...old.slice(next, at).map((line) => ` ${line}`))
    lines.push(...old.slice(at, at + cut).map((line) => `-${line}`))
    lines.push(...now.slice(to, to + put).map((line) => `+${line}`))
    next = at + cut
  }
  lines.push(...old.slice(next, end).map((line) => ` ${line}`))
  const grown = group.reduce((sum, { cut, put }) => sum + put - cut, 0)
  const span = (start: number, length: number) => `${length === 0 ? start : start + 1},${length}`
  const head = `@@ -${span(from, end - from)} +${span(to, end - from + grown)} @@`
  return [head, ...lines].join('\n')
}
