import { readFile } from 'node:fs/promises'
import { beforeAll, describe, expect, it } from 'vitest'
import { client } from './client.ts'
import { engineUnderTest } from './engine-under-test.ts'
import { code, step } from './workspace-folder.ts'

const { folder, api, as, engine, database, logged } = await engineUnderTest()
const SECRET = 'correct horse "battery" staple'

beforeAll(async () => {
  await engine.setVariable('f/t/password', SECRET, { secret: true })
  await engine.setVariable('f/t/plain', 'for all')
  await engine.setResource('f/t/safe', { password: '$var:f/t/password' }, 'safe')
  await engine.setResource('f/t/open', { word: '$var:f/t/plain' }, 'open')
  await folder.script('echo', 'export function main(value: unknown) { return value }')
  await folder.flow('echoing', { modules: [step('a', 'echo', { value: '=flow_input.value' })] })
})

describe('without a valid token', () => {
  it.each(['', 'nonsense', 'job_x'])('nothing is answered (%s)', async (token) => {
    const { status, text } = await as(token).get('/variables/get_value/f/t/plain')
    expect(status).toBe(401)
    expect(text).toContain('Unauthorized')
    expect((await as(token).script('echo')).status).toBe(401)
  })

  it('only the version is', async () => {
    const response = await fetch(`${engine.url}/api/version`)
    expect(response.status).toBe(200)
  })
})

describe('a viewer', () => {
  const viewer = as('viewer')

  it('reads, but not secrets, by no way', async () => {
    expect((await viewer.get('/variables/get_value/f/t/plain')).json).toBe('for all')
    expect((await viewer.get('/resources/get_value_interpolated/f/t/open')).json).toEqual({
      word: 'for all',
    })
    const ways = [
      '/variables/get_value/f/t/password',
      '/variables/get/f/t/password?decrypt_secret=true',
      '/resources/get_value_interpolated/f/t/safe',
      '/variables/get/f/t/password',
      '/variables/list',
      '/resources/get_value/f/t/safe',
      '/resources/list',
    ]
    for (const way of ways) expect((await viewer.get(way)).text).not.toContain('battery')
    for (const way of ways.slice(0, 3)) expect((await viewer.get(way)).status).toBe(403)
  })

  it('changes and starts nothing', async () => {
    const tries = await Promise.all([
      viewer.script('echo', { value: 1 }),
      viewer.post('/variables/create', { path: 'f/t/v', value: 'x' }),
      viewer.post('/variables/update/f/t/plain', { value: 'x' }),
      viewer.post('/resources/create', { path: 'f/t/r', value: 1, resource_type: 'x' }),
      viewer.post('/resources/update_value/f/t/open', { value: 1 }),
      viewer.send('DELETE', '/variables/delete/f/t/plain'),
      viewer.post('/jobs_u/queue/cancel/00000000-0000-4000-8000-000000000000'),
    ])
    expect(tries.map(({ status }) => status)).toEqual(tries.map(() => 403))
    expect((await api.get('/variables/get_value/f/t/plain')).json).toBe('for all')
  })
})

describe('an agent', () => {
  const agent = as('agent')

  it('starts and cancels nothing: a flow may plan, and an agent may not', async () => {
    const id = await api.start('echoing', { value: 'of a member' })
    for (const { status, text } of [
      await agent.script('echo', { value: 1 }),
      await agent.flow('echoing'),
      await agent.post(`/jobs_u/queue/cancel/${id}`),
      await agent.post(`/jobs/flow/user_states/${id}/mine`, 1),
      await agent.post('/variables/create', { path: 'f/t/v', value: 'x' }),
    ]) {
      expect([status, text]).toEqual([403, expect.stringContaining('the role agent may not')])
    }
  })

  it.each(['agent', 'viewer'])(
    'as a viewer sees how jobs fare, not what is in them',
    async (who) => {
      const id = await api.start('echoing', { value: 'private' })
      await api.ended(id)
      const seen = await as(who).get(`/jobs_u/get/${id}`)
      expect(seen.json).toMatchObject({ id, success: true, created_by: 'the-member' })
      const listed = await as(who).get('/jobs/list')
      for (const { status, text } of [seen, listed]) {
        expect(status).toBe(200)
        expect(text).not.toContain('private')
      }
      for (const way of [
        `/jobs_u/get_args/${id}`,
        `/jobs_u/get_logs/${id}`,
        `/jobs_u/completed/get_result/${id}`,
        `/jobs_u/completed/get_result_maybe/${id}`,
        `/jobs/flow/user_states/${id}/mine`,
      ]) {
        expect((await as(who).get(way)).status, way).toBe(403)
      }
      expect((await api.get(`/jobs_u/get_args/${id}`)).json).toEqual({ value: 'private' })
    },
  )
})

describe('a member', () => {
  it('runs jobs, but cannot have one tell it a secret', async () => {
    expect((await api.script('echo', { value: 1 })).json).toBe(1)
    for (const value of ['$var:f/t/password', ['$res:f/t/safe']]) {
      const { status, text } = await api.script('echo', { value })
      expect([status, text]).toEqual([403, expect.stringContaining('argument value')])
    }
    for (const way of [
      '/variables/get_value/f/t/password',
      '/variables/get/f/t/password?decrypt_secret=true',
      '/resources/get_value_interpolated/f/t/safe',
    ]) {
      expect((await api.get(way)).status, way).toBe(403)
    }
  })

  it('cannot send the token of the flows elsewhere', async () => {
    for (const { status } of [
      await api.post('/resources/update_value/f/t/open', { value: { base_url: 'http://evil' } }),
      await api.post('/resources/create?update_if_exists=true', {
        path: 'f/t/open',
        value: 1,
        resource_type: 'x',
      }),
      await api.post('/variables/update/f/t/password', { is_secret: false }),
      await api.send('DELETE', '/resources/delete/f/t/open'),
    ]) {
      expect(status).toBe(403)
    }
  })

  it('may pass the reference that the schema proposes', async () => {
    const schema = {
      type: 'object',
      properties: { value: { type: 'object', default: '$res:f/t/open' } },
    }
    await folder.script('proposed', 'export function main(value: any) { return value.word }', {
      schema,
    })
    expect((await api.script('proposed', { value: '$res:f/t/open' })).json).toBe('for all')
  })
})

describe('secrets', () => {
  it('are encrypted at rest', async () => {
    const [row] =
      await database.sql`select value from windmill.variables where path = 'f/t/password'`
    expect(row?.value).toMatch(/^[A-Za-z0-9+/]+=*$/)
    expect(Buffer.from(row?.value, 'base64').toString('latin1')).not.toContain('battery')
    await database.sql`update windmill.variables set value = (
      select value from windmill.variables where path = 'f/t/password'), is_secret = true where path = 'f/t/plain'`
    expect((await api.get('/variables/get_value/f/t/plain')).status).toBe(500)
    await engine.setVariable('f/t/plain', 'for all')
  })

  it('are hidden in logs and errors, and not stored with the arguments', async () => {
    await folder.script(
      'leaky',
      `import * as wmill from 'windmill-client'
       export async function main(given: string) {
         console.log('given ' + given + '.')
         console.log(JSON.stringify({ asked: await wmill.getVariable('f/t/password') }))
         process.stdout.write(process.env.WM_TOKEN + ' ' + given.slice(0, 9))
         await new Promise((done) => setTimeout(done, 400))
         process.stdout.write(given.slice(9) + '\\n')
         throw new Error('with ' + given)
       }`,
    )
    await folder.flow('leaking', { modules: [step('a', 'leaky', { given: '=flow_input.given' })] })
    const id = await as('admin').start('leaking', { given: '$var:f/t/password' })
    const job = await api.ended(id)
    expect(job.success).toBe(false)
    const logs = await api.logs(id)
    expect(logs).toContain('given *****.')
    const everything = [
      logs,
      JSON.stringify(job),
      JSON.stringify(await api.job(job.flow_status?.modules[0]?.job ?? '')),
      logged(),
    ]
    for (const text of everything) expect(text).not.toMatch(/battery|job_[\w-]{20}/)
    const stored =
      await database.sql`select s.args::text || s.result::text as text from windmill.steps s where job_id = ${id}`
    expect(JSON.stringify(stored)).not.toContain('battery')
  })
})

describe("a step's token", () => {
  it('works while the step runs, and not after', async () => {
    const file = `${folder.root}/token`
    await folder.flow('token', {
      modules: [
        code(
          'a',
          `import { writeFileSync } from 'node:fs'
           import * as wmill from 'windmill-client'
           export async function main(file: string) {
             writeFileSync(file, process.env.WM_TOKEN ?? '')
             return wmill.getVariable('f/t/password')
           }`,
          { file },
        ),
      ],
    })
    expect((await api.flow('token')).json).toBe(SECRET)
    const token = await readFile(file, 'utf8')
    expect(token).toMatch(/^job_/)
    expect((await client(engine.url, token).get('/variables/get_value/f/t/plain')).status).toBe(401)
  })
})

describe('variables and resources', () => {
  const admin = as('admin')

  it('are created, changed and deleted; stored ones win over files', async () => {
    await folder.file('f/t/filed.variable.yaml', 'value: from the file\nis_secret: false\n')
    await folder.file('f/t/filed.resource.yaml', 'value:\n  a: 1\nresource_type: thing\n')
    const variable = '/variables/get_value/f/t/filed'
    const resource = '/resources/get_value/f/t/filed'
    expect((await admin.get(variable)).json).toBe('from the file')
    expect((await admin.get(resource)).json).toEqual({ a: 1 })
    expect((await admin.post('/variables/create', { path: 'f/t/filed', value: 'x' })).status).toBe(
      400,
    )
    expect((await admin.post('/variables/update/f/t/filed', { value: 'stored' })).status).toBe(200)
    expect((await admin.post('/resources/update_value/f/t/filed', { value: [2] })).status).toBe(200)
    expect((await admin.get(variable)).json).toBe('stored')
    expect((await admin.get(resource)).json).toEqual([2])
    await admin.send('DELETE', '/variables/delete/f/t/filed')
    expect((await admin.get(variable)).json).toBe('from the file')
    expect((await admin.get('/variables/exists/f/t/none')).json).toBe(false)
    expect((await admin.get('/resources/exists/f/t/filed')).json).toBe(true)
    expect((await admin.get('/variables/get_value/f/t/none')).status).toBe(404)
  })

  it.each([
    ['/variables/create', { path: '../x', value: 'x' }, 'path must look like'],
    ['/variables/create', { path: 'f/t/y', value: 1 }, 'value must be a string'],
    ['/variables/create', { path: 'f/t/y', value: '', is_secret: 'no' }, 'is_secret must be'],
    ['/resources/create', { path: 'f/t/y', value: 1 }, 'resource_type must be'],
  ])('are refused at %s for %j', async (path, body, message) => {
    const { status, text } = await admin.post(path, body)
    expect([status, text]).toEqual([400, expect.stringContaining(message)])
  })

  it('that refer to each other in a circle are refused', async () => {
    await engine.setResource('f/t/one', '$res:f/t/two', 'x')
    await engine.setResource('f/t/two', '$res:f/t/one', 'x')
    const { status, text } = await admin.get('/resources/get_value_interpolated/f/t/one')
    expect([status, text]).toEqual([404, expect.stringContaining('circle')])
  })
})
