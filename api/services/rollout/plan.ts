import { createHash } from 'node:crypto'
import type { SprintLinkPlan } from '../../commands/rollout.ts'
import type { Dump } from '../../core/rollout/dump-rows.ts'
import type { Alone, Facts } from '../../core/rollout/facts.ts'
import type { History } from '../../core/rollout/history.ts'
import { factsOfDump, planHistory } from '../../core/rollout/plan-history.ts'
import { type PlannedLink, planLinks } from '../../core/rollout/plan-links.ts'
import { type RawDump, type ReadDump, readDump } from '../../core/rollout/read-dump.ts'
import type { Db } from '../../store/database.ts'
import { factsOfProject, importedRows, type KnownIds } from '../../store/rollout.ts'

export interface Asked {
  project_id: number
  dump?: RawDump | undefined
  source_project_id?: number | null | undefined
}

export interface Planned {
  told: SprintLinkPlan
  links: readonly PlannedLink[]
  /** Null where the project’s own tables are linked. */
  imported: { history: History; known: KnownIds } | null
}

/** Reads, matches and explains; the same data makes the same plan. */
export async function planOf(db: Db, asked: Asked): Promise<Planned> {
  return asked.dump ? planOfDump(db, asked, asked.dump) : planOfTables(db, asked)
}

async function planOfTables(db: Db, { project_id }: Asked): Promise<Planned> {
  const facts = await factsOfProject(db, project_id)
  const { links, alone } = planLinks(facts)
  const told: SprintLinkPlan = {
    project_id,
    source: 'tables',
    fingerprint: fingerprintOf(facts),
    links: links.map(toldLink),
    alone: alone.map(({ table, id, name, why }) => ({ table, id, name, why })),
    import: null,
  }
  return { told, links, imported: null }
}

async function planOfDump(db: Db, asked: Asked, dump: RawDump): Promise<Planned> {
  const { known, closedSprints } = await importedRows(db, asked.project_id)
  const read = readDump(dump, asked.source_project_id ?? null)
  const rows = newRows(read, known)
  const facts: Facts = factsOfDump(rows)
  const { links, alone } = planLinks(facts)
  alone.push(...read.rows.step_runs.filter((row) => isLate(row, known)).map(late))
  const history = planHistory(rows, links, alone, {
    sprints: new Set([...known.sprints.keys()].filter((id) => !closedSprints.has(id))),
    runs: new Set(known.protocol_runs.keys()),
  })
  const count = (it: Dump) =>
    it.sprints.length + it.tasks.length + it.protocol_runs.length + it.step_runs.length
  const told: SprintLinkPlan = {
    project_id: asked.project_id,
    source: 'dump',
    fingerprint: fingerprintOf({ rows, bad: read.bad }),
    links: links.map(toldLink),
    alone: alone.map(({ table, id, name, why }) => ({ table, id, name, why })),
    import: {
      sprints: history.sprints.length,
      tasks: history.tasks.length,
      protocol_runs: history.runs.length,
      step_runs: history.steps.length,
      dependencies: history.dependencies.length,
      here_already: count(read.rows) - count(rows),
      notes: history.notes,
      bad_rows: read.bad,
      unread: read.unread,
    },
  }
  return { told, links, imported: { history, known } }
}

/** A step that came to its run after that was imported: the plan of the run is put here now. */
const isLate = (step: Dump['step_runs'][number], known: KnownIds) =>
  known.protocol_runs.has(step.protocol_run_id) && !known.step_runs.has(step.id)

const late = (step: Dump['step_runs'][number]): Alone => ({
  ...{ table: 'step_runs', id: step.id, name: step.step_name },
  why: 'Its run was imported before; put its plan with protocol.replan.',
})

const newRows = ({ rows }: ReadDump, known: KnownIds): Dump => ({
  sprints: rows.sprints.filter((row) => !known.sprints.has(row.id)),
  tasks: rows.tasks.filter((row) => !known.tasks.has(row.id)),
  protocol_runs: rows.protocol_runs.filter((row) => !known.protocol_runs.has(row.id)),
  step_runs: rows.step_runs.filter((row) => !known.step_runs.has(row.id) && !isLate(row, known)),
})

const fingerprintOf = (seen: unknown) =>
  createHash('sha256').update(JSON.stringify(seen)).digest('hex')

const toldLink = ({ run, sprint, confidence, because, tasks }: PlannedLink) => ({
  sprint: { id: sprint.id, name: sprint.name },
  protocol_run: { id: run.id, name: run.name },
  confidence,
  because,
  tasks: tasks.map(({ task, step, confidence, because }) => ({
    task: { id: task.id, title: task.title, board_status: task.status },
    step: { id: step.id, name: step.name, status: step.status },
    confidence,
    because,
  })),
})
