import { Hono } from 'hono'
import { type Env, may } from './principal.ts'
import { notFound } from './refusal.ts'
import type { Services } from './services.ts'

/** What there is to run, and who asks. */
export function workspaceRoutes({ machinery }: Services) {
  const { files, workspace } = machinery

  return new Hono<Env>()
    .get('/flows/list', async (c) => {
      const { flows } = await files.list()
      return c.json(flows.map((path) => ({ workspace_id: workspace, path })))
    })
    .get('/flows/get/:path{.+}', async (c) => {
      const path = c.req.param('path')
      const checked = await files.flow(path)
      if (!checked) throw notFound(`flow not found at path ${path}`)
      return c.json({ workspace_id: workspace, path, ...checked.flow })
    })
    .get('/flows/exists/:path{.+}', async (c) =>
      c.json((await files.flow(c.req.param('path'))) !== null),
    )
    .get('/scripts/list', async (c) => {
      const { scripts } = await files.list()
      return c.json(scripts.map((path) => ({ workspace_id: workspace, path, language: 'bun' })))
    })
    .get('/scripts/exists/p/:path{.+}', async (c) =>
      c.json((await files.script(c.req.param('path'))) !== null),
    )
    .get('/users/whoami', (c) => {
      const principal = c.get('principal')
      return c.json({
        workspace_id: workspace,
        username: principal.name,
        email: principal.name,
        is_admin: principal.role === 'admin',
        operator: !may(principal, 'run jobs'),
        role: principal.role,
        groups: [],
        folders: [],
      })
    })
}
