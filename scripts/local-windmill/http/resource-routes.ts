import { Hono } from 'hono'
import { listResources, removeResource } from '../store/resources.ts'
import { isWorkspacePath } from '../workspace/paths.ts'
import { demand, type Env } from './principal.ts'
import { badRequest, notFound } from './refusal.ts'
import { objectBody } from './request-body.ts'
import { secretsFor } from './secrets-for.ts'
import type { Services } from './services.ts'

export function resourceRoutes({ machinery }: Services) {
  const { values, sql, workspace } = machinery

  const existing = async (path: string) => {
    const resource = await values.resource(path)
    if (!resource) throw notFound(`resource ${path} does not exist`)
    return resource
  }

  return new Hono<Env>()
    .get('/list', async (c) => {
      const resources = await listResources(sql, workspace)
      return c.json(resources.map((resource) => ({ workspace_id: workspace, ...resource })))
    })
    .get('/get_value_interpolated/:path{.+}', async (c) => {
      const { value } = await existing(c.req.param('path'))
      return c.json(await values.interpolate(value, secretsFor(c.get('principal'))))
    })
    .get('/get_value/:path{.+}', async (c) => c.json((await existing(c.req.param('path'))).value))
    .get('/get/:path{.+}', async (c) => {
      const path = c.req.param('path')
      return c.json({ workspace_id: workspace, path, ...(await existing(path)) })
    })
    .get('/exists/:path{.+}', async (c) =>
      c.json((await values.resource(c.req.param('path'))) !== null),
    )
    .post('/create', async (c) => {
      const principal = c.get('principal')
      demand(principal, 'change variables and resources')
      const { path, value = null, resource_type, description = '' } = await objectBody(c)
      // State lives in resources under the path of the flow and its step.
      if (typeof path !== 'string' || !isWorkspacePath(path)) {
        throw badRequest('path must look like f/folder/name')
      }
      if (typeof resource_type !== 'string' || resource_type === '') {
        throw badRequest('resource_type must be a string')
      }
      if (typeof description !== 'string') throw badRequest('description must be a string')
      const replace = c.req.query('update_if_exists') === 'true'
      if (!replace && (await values.resource(path))) {
        throw badRequest(`resource ${path} already exists`)
      }
      await values.saveResource(path, { value, resource_type, description }, principal.name)
      return c.text(`resource ${path} created`, 201)
    })
    .post('/update_value/:path{.+}', async (c) => {
      const principal = c.get('principal')
      demand(principal, 'change variables and resources')
      const path = c.req.param('path')
      const before = await existing(path)
      const { value = null } = await objectBody(c)
      await values.saveResource(path, { ...before, value }, principal.name)
      return c.text(`value of resource ${path} updated`)
    })
    .delete('/delete/:path{.+}', async (c) => {
      demand(c.get('principal'), 'change variables and resources')
      const path = c.req.param('path')
      if (!(await removeResource(sql, workspace, path))) {
        throw notFound(`resource ${path} is not stored here`)
      }
      return c.text(`resource ${path} deleted`)
    })
}
