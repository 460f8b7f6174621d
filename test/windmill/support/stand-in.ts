import { once } from 'node:events'
import { mkdir, rm } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { createAdaptorServer } from '@hono/node-server'
import { type Context, Hono } from 'hono'
import type { Address } from './address.ts'
import { newWorkspace, type Workspace } from './workspace.ts'
import { writeWorkspace } from './write-workspace.ts'

/** A call below the workspace, such as `POST /flows/create`. */
export type Asked = { call: string; token: string | undefined; body: string }

/** What a Windmill server keeps in its database, and the files that hold it here. */
const KINDS = {
  scripts: (path: string) => [`${path}.ts`, `${path}.script.yaml`, `${path}.script.lock`],
  flows: (path: string) => [`${path}__flow`],
  schedules: (path: string) => [`${path}.schedule.yaml`],
  triggers: (path: string) => [`${path}.http_trigger.yaml`],
}
type Kind = keyof typeof KINDS

/**
 * A server that one can bring scripts, flows and triggers to over HTTP, as one can to Windmill: it
 * writes them into the folder of a local engine, and hands everything else on to that engine.
 */
export async function startStandIn(engine: Address, root: string) {
  const asked: Asked[] = []
  const folders = new Map<string, Workspace>()
  const base = `/api/w/${engine.workspace}`

  const known = (kind: Kind) => [...folders.values()].flatMap<{ path: string }>((one) => one[kind])

  const create = (kind: Kind) => async (c: Context) => {
    const item = (await c.req.json()) as { path: string }
    const folder = folders.get(item.path.split('/')[1] ?? '')
    if (!folder) return c.text(`Not found: the folder of ${item.path}`, 404)
    if (known(kind).some(({ path }) => path === item.path)) {
      return c.text(`Bad request: ${item.path} exists already`, 400)
    }
    ;(folder[kind] as { path: string }[]).push(item)
    await writeWorkspace(root, folder)
    return c.text(item.path, 201)
  }
  const remove = (kind: Kind) => async (c: Context) => {
    const path = c.req.param('path') ?? ''
    const list: { path: string }[] = folders.get(path.split('/')[1] ?? '')?.[kind] ?? []
    const index = list.findIndex((item) => item.path === path)
    if (index < 0) return c.text(`Not found: ${path}`, 404)
    list.splice(index, 1)
    for (const file of KINDS[kind](path)) {
      // Not every script has a lock.
      await rm(join(root, file), { recursive: true, force: file.endsWith('.lock') })
    }
    return c.text(path)
  }
  const list = (kind: Kind) => (c: Context) =>
    c.json(c.req.query('page') === '1' ? known(kind) : [])

  const app = new Hono()
    .use(async (c, next) => {
      const call = `${c.req.method} ${c.req.path.replace(base, '')}`
      asked.push({ call, token: c.req.header('authorization'), body: await c.req.text() })
      await next()
    })
    .post(`${base}/folders/create`, async (c) => {
      const { name } = (await c.req.json()) as { name: string }
      folders.set(name, { ...newWorkspace(), folder: name })
      await mkdir(join(root, 'f', name), { recursive: true })
      return c.text(name)
    })
    .get(`${base}/folders/listnames`, (c) => c.json([...folders.keys()]))
    .delete(`${base}/folders/delete/:name`, async (c) => {
      const name = c.req.param('name')
      if (!folders.delete(name)) return c.text(`Not found: ${name}`, 404)
      await rm(join(root, 'f', name), { recursive: true })
      return c.text(name)
    })
    .post(`${base}/scripts/create`, create('scripts'))
    .get(`${base}/scripts/list`, list('scripts'))
    .post(`${base}/scripts/delete/p/:path{.+}`, remove('scripts'))
    .post(`${base}/flows/create`, create('flows'))
    .get(`${base}/flows/list`, list('flows'))
    .delete(`${base}/flows/delete/:path{.+}`, remove('flows'))
    .post(`${base}/schedules/create`, create('schedules'))
    .get(`${base}/schedules/list`, list('schedules'))
    .delete(`${base}/schedules/delete/:path{.+}`, remove('schedules'))
    .post(`${base}/http_triggers/create`, create('triggers'))
    .get(`${base}/http_triggers/list`, list('triggers'))
    .delete(`${base}/http_triggers/delete/:path{.+}`, remove('triggers'))
    .get(`${base}/jobs/queue/list`, async (c) => {
      const query = 'per_page=1000&script_path_start='
      const answer = await handOn(
        c,
        `${base}/jobs/list?${query}${c.req.query('script_path_start')}`,
      )
      const jobs = (await answer.json()) as { type: string }[]
      // Dependencies are nothing to this engine.
      const wanted = c.req.query('job_kinds') ? [] : jobs
      return c.json(wanted.filter(({ type }) => type === 'QueuedJob'))
    })
    .all('*', async (c) => {
      const { pathname, search } = new URL(c.req.url)
      return handOn(c, pathname + search)
    })
    .onError((error, c) => c.text(`Internal error: ${error.message}`, 500))

  async function handOn(c: Context, path: string): Promise<Response> {
    const headers = new Headers(c.req.raw.headers)
    for (const name of ['host', 'connection', 'content-length']) headers.delete(name)
    const body = c.req.method === 'GET' ? null : await c.req.text()
    return fetch(engine.url + path, { method: c.req.method, headers, body })
  }

  const server = createAdaptorServer(app)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    ...{ ...engine, url: `http://127.0.0.1:${port}`, asked },
    close: () => new Promise((resolve) => server.close(resolve)),
  }
}
