import { setTimeout as sleep } from 'node:timers/promises'
import postgres from 'postgres'
import { deliveriesOf } from '../../api/core/events/subscriptions.ts'
import { type Transition, transitions } from '../../api/core/step-actions.ts'
import { type Figure, figure, rounded } from './figure.ts'
import { aMillionTasks } from './million.ts'
import { newPlace } from './place.ts'
import { withProduct } from './product.ts'
import { type LinkedRun, linkedRuns, settled } from './runs.ts'
import type { World } from './world.ts'

const perSecond = 1000
const seconds = 30
const connections = 4
/** Step events per transaction: commits that notify wait for each other, flush and all. */
const together = 5
const runs = 30
/** Each step starts and is completed. */
const steps = (perSecond * seconds) / 2 / runs

/**
 * Step events written straight to the tables, a thousand a second by four connections, five to a
 * transaction with the changes they tell of, among a million tasks: how long the handlers go on
 * after the last one, and whether each event was handled once. The baseline is what the writing
 * took, which a machine that is busy or slow draws out.
 */
export async function measureHandlers(world: World): Promise<Figure[]> {
  await aMillionTasks(world)
  return withProduct(world, async (product) => {
    const { projectId } = await newPlace(world.sql)
    const made = await linkedRuns(product, projectId, { runs, steps })
    await settled(world)

    const wrote = await writeAll(world, made)
    const behind = await waitingNow(world)
    const ended = performance.now()
    await settled(world)
    const late = performance.now() - ended
    const { lost, doubled, wrong } = await check(world, projectId)
    if (lost + doubled + wrong > 0) {
      throw new Error(`${lost} events lost, ${doubled} handled twice, ${wrong} cards are wrong`)
    }
    return [
      figure({
        name: 'handlers_keep_up',
        value: late,
        baseline: wrote,
        bound: { value: 5000 },
        detail: {
          events: perSecond * seconds,
          per_second: rounded((perSecond * seconds) / (wrote / 1000)),
          connections,
          runs,
          behind,
          lost,
          doubled,
        },
      }),
    ]
  })
}

/** Writes all events on the beat, a quarter on each connection; answers how long it took (ms). */
async function writeAll(world: World, made: readonly LinkedRun[]): Promise<number> {
  const began = performance.now()
  await Promise.all(
    Array.from({ length: connections }, async (_, writer) => {
      const sql = postgres(world.databaseUrl, { max: 1, onnotice: () => {} })
      try {
        const mine = made.filter((_, index) => index % connections === writer)
        const share = mine.length / runs
        const moves = [...inOrder(mine)]
        for (let written = 0; written < moves.length; written += together) {
          const due = began + (written * 1000) / (perSecond * share)
          await sleep(Math.max(0, due - performance.now()))
          await writeStepEvents(sql, moves.slice(written, written + together))
        }
      } finally {
        await sql.end()
      }
    }),
  )
  return performance.now() - began
}

/** A step of each run after the other, as agents do who work side by side. */
function* inOrder(made: readonly LinkedRun[]): Generator<Move> {
  for (let index = 0; index < steps; index++) {
    for (const action of ['start', 'complete'] as const) {
      for (const run of made) {
        yield { transition: transitions[action], run, stepId: run.stepIds[index] ?? 0 }
      }
    }
  }
}

interface Move {
  transition: Transition
  run: LinkedRun
  stepId: number
}

/** Steps as they move, their events, and the work that means for handlers: what actions write. */
async function writeStepEvents(sql: postgres.Sql, moves: readonly Move[]): Promise<void> {
  const rows = moves.map(({ transition: { to, event: type }, run, stepId }) => {
    const { projectId, sprintId, id: protocolRunId } = run
    const deliveries = deliveriesOf({ type, projectId, sprintId, protocolRunId })
    return { step: stepId, to, type, sprint: sprintId, deliveries }
  })
  await sql`
    with input as materialized (
      select nextval('events_id_seq') as id, r.*
      from jsonb_to_recordset(${sql.json(rows as never)}) as r(step bigint, "to" text, type text,
        sprint bigint, deliveries jsonb)
    ), moved as (
      update step_runs s set status = i."to", version = s.version + 1, updated_at = now()
      from input i, step_runs old where s.id = i.step and old.id = i.step
      returning s.*, old.status as was, i.id as event, i.type, i.sprint
    ), told as (
      insert into events (id, type, entity_type, entity_id, project_id, sprint_id,
        protocol_run_id, correlation_id, actor, payload)
      overriding system value
      select event, type, 'step', id, project_id, sprint, protocol_run_id, 'bench', 'bench',
        jsonb_build_object('step_name', step_name, 'from', was, 'to', status, 'reason', null,
          'attempt', attempt, 'version', version, 'linked_task_id', linked_task_id,
          'tokens', null, 'at', to_char(updated_at, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))
      from moved
    )
    insert into event_deliveries (event_id, handler, order_key)
    select input.id, d.handler, d.queue
    from input, jsonb_to_recordset(input.deliveries) as d(handler text, queue text)`
}

async function waitingNow({ sql }: World): Promise<number> {
  const [row] = await sql<[{ waiting: number }]>`select count(*) as waiting from event_deliveries`
  return row.waiting
}

/** Each step event moves its card once, and at the end every card is where its step is. */
async function check({ sql }: World, projectId: number) {
  // Without it the planner takes the project, new as it is, for an empty one.
  await sql`analyze events, tasks`
  const [row] = await sql<[{ lost: number; doubled: number; wrong: number }]>`
    with asked as (
      select id from events where project_id = ${projectId} and type in ('step.started', 'step.completed')
    ), done as (
      select causation_id as id, count(*) as times from events
      where project_id = ${projectId} and type = 'task.status_changed' group by 1
    )
    select count(*) filter (where done.times is null) as lost,
      count(*) filter (where done.times > 1) as doubled,
      (select count(*) from tasks where project_id = ${projectId} and board_status <> 'done') as wrong
    from asked left join done using (id)`
  return row
}
