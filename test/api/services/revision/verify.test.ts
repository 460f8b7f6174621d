import { beforeAll, expect, test } from 'vitest'
import type { Json } from '../../../support/api.ts'
import { checkedApi } from '../../support/checked-api.ts'

const api = await checkedApi()
const { sql } = api.database
let task: Json
let sprint: Json

beforeAll(async () => {
  const project = await api.project()
  sprint = await api.sprint(project.id)
  task = await api.task(project.id, { sprint_id: sprint.id, title: 'One' })
  await api.task(project.id)
  for (const title of ['Two', 'Three', 'Four']) await api.patch(`/tasks/${task.id}`, { title })
})

const verify = async () => (await api.get('/revisions/verification')).body
/** Tampers as somebody could who has the database, looks, and takes it back. */
async function foundAfter(statement: string): Promise<string[]> {
  const undo: unknown[] = []
  await sql.begin(async (tx) => {
    await tx`set local session_replication_role = replica`
    await tx`create table kept as table revisions`
    await tx`create table kept_tasks as table tasks`
    await tx.unsafe(statement)
  })
  const { faults } = await verify()
  undo.push(
    await sql.begin(async (tx) => {
      await tx`set local session_replication_role = replica`
      await tx`delete from revisions`
      await tx`insert into revisions overriding system value select * from kept`
      await tx`update tasks t set title = k.title from kept_tasks k where k.id = t.id`
      await tx`insert into tasks overriding system value
        select * from kept_tasks k where not exists (select from tasks t where t.id = k.id)`
      await tx`drop table kept, kept_tasks`
    }),
  )
  return faults.map((it: Json) => `${it.entity_type} ${it.number ?? 'row'} ${it.fault}`)
}

test('chains that nobody touched are right', async () => {
  expect(await verify()).toEqual({ revisions: 6, entities: 3, faults: [], more: 0 })
})

const of = () => `entity_type = 'task' and entity_id = ${task.id}`
const change = (set: string, number: number) => () =>
  `update revisions set ${set} where ${of()} and number = ${number}`

const tampered: [string, () => string, string[]][] = [
  ['content', change(`content = replace(content, 'Two', 'Too')`, 2), ['task 2 hash']],
  ['hash', change(`hash = md5('x') || md5('y')`, 2), ['task 2 hash', 'task 3 parent']],
  ['parent', change(`parent_hash = hash`, 3), ['task 3 hash', 'task 3 parent']],
  ['number', change('number = 9', 4), ['task 9 hash', 'task 9 number']],
  ['actor', change(`actor = 'somebody else'`, 2), ['task 2 hash']],
  ['correlation', change(`correlation_id = 'x'`, 2), ['task 2 hash']],
  ['session', change(`session_key = 'x'`, 2), ['task 2 hash']],
  ['agent', change(`agent = 'x'`, 2), ['task 2 hash']],
  ['time', change(`created_at = created_at + interval '1 second'`, 2), ['task 2 hash']],
  ['project', change('project_id = 77', 2), ['task 2 hash']],
  [
    'owner',
    change('entity_id = 77', 4),
    ['task row row', 'task 4 hash', 'task 4 number', 'task 4 parent', 'task row row'],
  ],
  [
    'one deleted in between',
    () => `delete from revisions where ${of()} and number = 2`,
    ['task 3 number', 'task 3 parent'],
  ],
  [
    'the last one deleted',
    () => `delete from revisions where ${of()} and number = 4`,
    ['task row row'],
  ],
  ['all of them deleted', () => `delete from revisions where ${of()}`, ['task row unrecorded']],
  [
    'one inserted',
    () => `insert into revisions (entity_type, entity_id, project_id, number, parent_hash, hash,
        content, actor, created_at)
      select entity_type, entity_id, project_id, 5, hash, md5('x') || md5('y'), content, actor, now()
      from revisions where ${of()} and number = 4`,
    ['task 5 hash'],
  ],
  [
    'the row changed',
    () => `update tasks set title = 'Five' where id = ${task.id}`,
    ['task row row'],
  ],
  ['the row deleted', () => `delete from tasks where id = ${task.id}`, ['task row row']],
]

test.each(tampered)('%s: tampering is found and located', async (_, statement, faults) => {
  expect((await foundAfter(statement())).sort()).toEqual([...faults].sort())
  expect((await verify()).faults).toEqual([])
})
