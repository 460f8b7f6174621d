import { invalid } from '../errors.ts'
import { type Dump, type DumpTable, dumpTables } from './dump-rows.ts'

export type RawDump = Partial<Record<DumpTable, readonly Record<string, unknown>[]>>

export interface BadRow {
  table: DumpTable
  /** From 1, as the rows came; 0 where the row itself is well formed. */
  row: number
  id: string | null
  column: string
  rule: string
}

export interface ReadDump {
  rows: Dump
  bad: BadRow[]
  /** `table.column` of what nothing was read from. */
  unread: string[]
}

const names = Object.keys(dumpTables) as DumpTable[]

/**
 * Reads the rows of one project out of a dump. A row that breaks a rule is left out and told.
 * @throws DomainError `invalid` where the dump holds several projects and none was chosen, or
 *   nothing of the chosen one
 */
export function readDump(raw: RawDump, sourceProject: number | null): ReadDump {
  const bad: BadRow[] = []
  const unread = new Set<string>()
  const rows: Dump = { sprints: [], tasks: [], protocol_runs: [], step_runs: [] }
  for (const table of names) readTable(table, raw[table] ?? [], rows, bad, unread)
  const known = new Set(rows.protocol_runs.map((run) => run.id))
  const lost = rows.step_runs.filter((step) => !known.has(step.protocol_run_id))
  const project = chosenProject(rows, sourceProject, bad.length === 0)
  const ours = (row: { project_id: number | null }) =>
    project === null || row.project_id === null || row.project_id === project
  const runs = rows.protocol_runs.filter(ours)
  const runIds = new Set(runs.map((run) => run.id))
  return {
    rows: {
      sprints: rows.sprints.filter(ours),
      tasks: rows.tasks.filter(ours),
      protocol_runs: runs,
      // A step knows its project by its run; one without a run has nowhere to go.
      step_runs: rows.step_runs.filter((step) => runIds.has(step.protocol_run_id)),
    },
    bad: [...bad, ...lost.map(withoutRun)],
    unread: [...unread].sort(),
  }
}

function readTable(
  table: DumpTable,
  raw: readonly Record<string, unknown>[],
  rows: Dump,
  bad: BadRow[],
  unread: Set<string>,
): void {
  const schema = dumpTables[table]
  const seen = new Set<number>()
  for (const [index, given] of raw.entries()) {
    const row = {
      ...given,
      ...(table === 'tasks' && !('task_type' in given) ? { task_type: given.type } : {}),
    }
    for (const column of Object.keys(given)) {
      if (!(column in schema.shape) && !(table === 'tasks' && column === 'type')) {
        unread.add(`${table}.${column}`)
      }
    }
    const place = { table, row: index + 1, id: given.id == null ? null : String(given.id) }
    const parsed = schema.safeParse(row)
    if (!parsed.success) {
      for (const issue of parsed.error.issues) {
        bad.push({ ...place, column: String(issue.path[0] ?? 'row'), rule: issue.message })
      }
    } else if (seen.has(parsed.data.id)) {
      bad.push({ ...place, column: 'id', rule: 'must be unique in its table' })
    } else {
      seen.add(parsed.data.id)
      ;(rows[table] as (typeof parsed.data)[]).push(parsed.data)
    }
  }
}

const withoutRun = ({ id }: { id: number }): BadRow => ({
  ...{ table: 'step_runs', row: 0, id: String(id), column: 'protocol_run_id' },
  rule: 'must name a protocol run of the dump',
})

/** The project to take; a row that names none belongs to whichever that is. */
function chosenProject(rows: Dump, chosen: number | null, whole: boolean): number | null {
  const all = [...rows.sprints, ...rows.tasks, ...rows.protocol_runs].map((row) => row.project_id)
  const projects = [...new Set(all.filter((id) => id !== null))].sort((one, other) => one - other)
  if (chosen === null && projects.length > 1) {
    throw invalid(
      'source_project_id',
      'one_project_at_a_time',
      `the dump holds the projects ${projects.join(', ')}; name the one to take`,
    )
  }
  // Where rows were left out, its rows may be among them: then those are told instead.
  if (whole && chosen !== null && projects.length > 0 && !projects.includes(chosen)) {
    throw invalid(
      'source_project_id',
      'project_of_the_dump',
      `the dump holds nothing of project ${chosen}; it holds ${projects.join(', ')}`,
    )
  }
  return chosen ?? projects[0] ?? null
}
