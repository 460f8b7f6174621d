/**
 * A tasks.md such as SpecKit writes: phases of 25 tasks with paths and bodies here and there, and
 * a dependency for nearly every task.
 */
export function tasksFile(tasks: number): string {
  const lines = ['# Tasks: Measured feature', '']
  const width = Math.max(3, String(tasks).length)
  const id = (n: number) => `T${String(n).padStart(width, '0')}`
  for (let n = 1; n <= tasks; n++) {
    if (n % 25 === 1) lines.push('', `## Phase ${Math.ceil(n / 25)}: Part ${Math.ceil(n / 25)}`, '')
    const story = `[US${(n % 7) + 1}]`
    const parallel = n % 3 === 0 ? ' [P]' : ''
    const needs = n % 10 === 0 ? '' : ` (depends on ${id(Math.max(1, n - 1))})`
    const depends = n === 1 ? '' : needs
    lines.push(
      `- [${n % 4 === 0 ? 'x' : ' '}] ${id(n)}${parallel} ${story} Write part ${n} of the measured feature in src/part${n}.ts${depends}`,
    )
    if (n % 5 === 0) lines.push('  - Cover the empty and the full case', '  - Keep it short')
  }
  return `${lines.join('\n')}\n`
}
