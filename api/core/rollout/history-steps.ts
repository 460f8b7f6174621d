import type { DumpRow } from './dump-rows.ts'
import { groupBy } from './evidence.ts'
import type { HistoryStep, Note } from './history.ts'

/** Steps as a run takes them: numbered from 0 without gaps, each name once, waiting for each other. */
export function historySteps(
  rows: readonly DumpRow<'step_runs'>[],
  taskOf: ReadonlyMap<number, number>,
  notes: Note[],
): HistoryStep[] {
  return [...groupBy(rows, (step) => step.protocol_run_id).values()].flatMap((ofRun) => {
    const inOrder = [...ofRun].sort(
      (one, other) =>
        (one.step_index ?? Infinity) - (other.step_index ?? Infinity) || one.id - other.id,
    )
    const names = uniqueNames(inOrder, notes)
    const byId = new Map(inOrder.map((step) => [String(step.id), step.id]))
    const byName = new Map(inOrder.map((step) => [step.step_name, step.id]))
    return inOrder.map((step, index) => {
      const dependsOn = step.depends_on.flatMap((wanted) => {
        const id = byId.get(wanted) ?? byName.get(wanted)
        if (id !== undefined && id !== step.id) return [id]
        notes.push({
          table: 'step_runs',
          id: step.id,
          note: `It waits for "${wanted}", which is no other step of its run: left out.`,
        })
        return []
      })
      return {
        ...step,
        index,
        name: names.get(step.id) ?? step.step_name,
        dependsOn: [...new Set(dependsOn)],
        task: taskOf.get(step.id) ?? null,
      }
    })
  })
}

function uniqueNames(steps: readonly DumpRow<'step_runs'>[], notes: Note[]): Map<number, string> {
  const taken = new Set(steps.map((step) => step.step_name))
  const used = new Set<string>()
  return new Map(
    steps.map((step) => {
      let name = step.step_name
      for (let nth = 2; used.has(name); nth++) {
        const next = `${step.step_name.slice(0, 480)} (${nth})`
        name = taken.has(next) ? name : next
      }
      if (name !== step.step_name) {
        notes.push({
          table: 'step_runs',
          id: step.id,
          note: `Another step has its name; it is "${name}" now.`,
        })
      }
      used.add(name)
      return [step.id, name]
    }),
  )
}
