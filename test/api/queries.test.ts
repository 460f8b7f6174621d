import { pino } from 'pino'
import { afterAll, expect, test } from 'vitest'
import type { Command, InputOf, OutputOf } from '../../api/commands/command.ts'
import { resolveConflicts } from '../../api/services/conflict/resolve.ts'
import { listEvents } from '../../api/services/event/list.ts'
import { createSprintFromProtocol } from '../../api/services/link/create-sprint.ts'
import { syncToSprint } from '../../api/services/link/sync-verbs.ts'
import { createProject } from '../../api/services/project/create.ts'
import { cancelProtocol } from '../../api/services/protocol/control.ts'
import { createProtocol } from '../../api/services/protocol/create.ts'
import { listSteps } from '../../api/services/protocol/read.ts'
import { replan } from '../../api/services/protocol/replan.ts'
import { type Runtime, system, type Verb } from '../../api/services/runtime.ts'
import { exportSprintTasks } from '../../api/services/spec/export.ts'
import { importSprintTasks } from '../../api/services/spec/import-verbs.ts'
import { completeSprint } from '../../api/services/sprint/complete.ts'
import { createSprint } from '../../api/services/sprint/create.ts'
import { deleteSprint } from '../../api/services/sprint/delete.ts'
import { getSprintVelocity, listSprintTasks } from '../../api/services/sprint/read.ts'
import { actionsOnSteps } from '../../api/services/step/act.ts'
import { connect } from '../../api/store/database.ts'
import { testDatabase } from '../support/database.ts'

// One connection, which also shows that no verb waits for a second one while it holds the first.
const db = connect((await testDatabase()).url, { max: 1 })
afterAll(() => db.end())
// The first statement of a connection also reads the types there are.
await db`select 1`
const runtime: Runtime = {
  db,
  log: pino({ level: 'silent' }),
  flows: { start: async () => {}, find: async () => undefined, cancel: async () => {} },
  sprintIntegration: true,
}

let statements: string[] = []
db.options.debug = (_connection, text) => statements.push(text)

/** Carries out a verb and notes how many statements it sent, BEGIN and COMMIT included. */
function counted(counts: Record<string, number>) {
  return async <C extends Command>(
    what: string,
    verb: Verb<C>,
    given: Record<string, unknown>,
  ): Promise<OutputOf<C>> => {
    statements = []
    const { output } = await verb.run(runtime, system('queries', null), inputOf(verb, given))
    counts[what] = statements.length
    return output
  }
}

function inputOf<C extends Command>({ command }: Verb<C>, given: Record<string, unknown>) {
  const { params, query, body } = command
  const of = (part: typeof params, read: (value: unknown) => unknown) =>
    part.parse(
      Object.fromEntries(
        Object.entries(given).flatMap(([field, value]) =>
          field in part.shape ? [[field, read(value)]] : [],
        ),
      ),
    )
  // What stands in a path is text.
  return { ...of(query, (it) => it), ...of(body, (it) => it), ...of(params, String) } as InputOf<C>
}

const tasksMd = (tasks: number, word: string) =>
  `# Tasks\n\n${Array.from({ length: tasks }, (_, n) => {
    const needs = n === 0 ? '' : ` (depends on T${String(n).padStart(4, '0')})`
    return `- [${n % 2 ? 'x' : ' '}] T${String(n + 1).padStart(4, '0')} ${word} part ${n}${needs}`
  }).join('\n')}\n`

const planOf = (steps: number, step_type: string) =>
  Array.from({ length: steps }, (_, n) => ({
    step_name: `Step ${n}`,
    step_type,
    depends_on: n === 0 ? [] : [`Step ${n - 1}`],
  }))

/** Statements per verb when each works on this many tasks, or steps. */
async function statementsWith(size: number): Promise<Record<string, number>> {
  const counts: Record<string, number> = {}
  const run = counted(counts)
  const slug = `of-${size}`
  const { id: project_id } = await run('create project', createProject, { slug, name: slug })
  const { id: sprint_id } = await run('create sprint', createSprint, { project_id, name: 'One' })
  const spec = { sprint_id, spec_path: 'specs/001-one' }
  const imported = await run('import', importSprintTasks, {
    ...spec,
    content: tasksMd(size, 'Write'),
  })
  expect(imported.created).toBe(size)
  await run('import again', importSprintTasks, { ...spec, content: tasksMd(size, 'Write') })
  const changed = await run('import changes', importSprintTasks, {
    ...spec,
    content: tasksMd(size, 'Rewrite'),
  })
  expect(changed.updated).toBe(size)
  await db`update tasks set title = title || ' by hand' where sprint_id = ${sprint_id}`
  await run('import conflicts', importSprintTasks, { ...spec, content: tasksMd(size, 'Finish') })
  const conflicts = { project_id, all: true }
  const resolved = await run('resolve', resolveConflicts, { ...conflicts, side: 'other' })
  expect(resolved.resolved).toBe(size)
  await run('export', exportSprintTasks, { sprint_id })
  await run('list tasks', listSprintTasks, { sprint_id, limit: size })
  await run('velocity', getSprintVelocity, { sprint_id })
  await run('list events', listEvents, { sprint_id, limit: size })
  await run('import nothing left', importSprintTasks, { ...spec, content: tasksMd(1, 'Rewrite') })
  await run('complete sprint', completeSprint, { sprint_id })

  const protocol = await run('create run', createProtocol, {
    project_id,
    protocol_name: 'Build',
    steps: planOf(size, 'code'),
  })
  const byRun = { protocol_id: protocol.id }
  const made = await run('create sprint of run', createSprintFromProtocol, byRun)
  await run('sync again', syncToSprint, byRun)
  await run('replan', replan, { ...byRun, steps: planOf(size, 'review') })
  await run('list steps', listSteps, { ...byRun, limit: size })
  for (const verb of actionsOnSteps.filter((it) => it.command.name === 'step.start')) {
    await run('start step', verb, { step_id: protocol.steps[0]?.id })
  }
  await run('cancel run', cancelProtocol, byRun)
  await run('sync cancelled', syncToSprint, byRun)
  await run('complete sprint of run', completeSprint, { sprint_id: made.id })

  const { id: planned } = await run('create another', createSprint, { project_id, name: 'Two' })
  const other = { sprint_id: planned, spec_path: 'specs/002-two', content: tasksMd(size, 'Write') }
  await run('import another', importSprintTasks, other)
  await run('delete sprint', deleteSprint, { sprint_id: planned })
  return counts
}

test('no verb sends more statements for more tasks or steps', async () => {
  const [few, many] = [await statementsWith(10), await statementsWith(1000)]
  expect(many).toEqual(few)
  // A handful each: what a person waits for is round trips, above all.
  expect(Math.max(...Object.values(few))).toBeLessThanOrEqual(25)
  expect(Object.keys(few)).toHaveLength(25)
})
