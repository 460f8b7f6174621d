import { Hono } from 'hono'
import { listVariables, removeVariable } from '../store/variables.ts'
import { isWorkspacePath } from '../workspace/paths.ts'
import { demand, type Env } from './principal.ts'
import { badRequest, notFound } from './refusal.ts'
import { objectBody } from './request-body.ts'
import { secretsFor } from './secrets-for.ts'
import type { Services } from './services.ts'

export function variableRoutes({ machinery }: Services) {
  const { values, sql, workspace } = machinery

  const existing = async (path: string) => {
    const variable = await values.variable(path)
    if (!variable) throw notFound(`variable ${path} does not exist`)
    return variable
  }

  return new Hono<Env>()
    .get('/list', async (c) => {
      const variables = await listVariables(sql, workspace)
      return c.json(
        variables.map(({ path, value, is_secret, description }) => ({
          workspace_id: workspace,
          path,
          value: is_secret ? null : value,
          is_secret,
          description,
        })),
      )
    })
    .get('/get_value/:path{.+}', async (c) => {
      const path = c.req.param('path')
      const { value, is_secret } = await existing(path)
      if (is_secret) secretsFor(c.get('principal'))(value, path)
      return c.json(value)
    })
    .get('/get/:path{.+}', async (c) => {
      const path = c.req.param('path')
      const { value, is_secret, description } = await existing(path)
      const shown = !is_secret || c.req.query('decrypt_secret') === 'true'
      if (is_secret && shown) secretsFor(c.get('principal'))(value, path)
      const common = { workspace_id: workspace, path, is_secret, description }
      return c.json({ ...common, value: shown ? value : null })
    })
    .get('/exists/:path{.+}', async (c) =>
      c.json((await values.variable(c.req.param('path'))) !== null),
    )
    .post('/create', async (c) => {
      const principal = c.get('principal')
      demand(principal, 'change variables and resources')
      const { path, value, is_secret = false, description = '' } = await objectBody(c)
      if (typeof path !== 'string' || !isWorkspacePath(path)) {
        throw badRequest('path must look like f/folder/name')
      }
      if (typeof value !== 'string') throw badRequest('value must be a string')
      if (typeof is_secret !== 'boolean') throw badRequest('is_secret must be true or false')
      if (typeof description !== 'string') throw badRequest('description must be a string')
      if (await values.variable(path)) throw badRequest(`variable ${path} already exists`)
      await values.saveVariable(path, { value, is_secret, description }, principal.name)
      if (is_secret) principal.masks?.add(value)
      return c.text(`variable ${path} created`, 201)
    })
    .post('/update/:path{.+}', async (c) => {
      const principal = c.get('principal')
      demand(principal, 'change variables and resources')
      const path = c.req.param('path')
      const before = await existing(path)
      const body = await objectBody(c)
      const { value = before.value, is_secret = before.is_secret } = body
      const { description = before.description } = body
      if (body.path !== undefined && body.path !== path) {
        throw badRequest('path cannot be changed by the local engine')
      }
      if (typeof value !== 'string') throw badRequest('value must be a string')
      if (typeof is_secret !== 'boolean') throw badRequest('is_secret must be true or false')
      if (typeof description !== 'string') throw badRequest('description must be a string')
      // Otherwise a role that may not read it could make it readable.
      if (before.is_secret && !is_secret) secretsFor(principal)(before.value, path)
      await values.saveVariable(path, { value, is_secret, description }, principal.name)
      if (is_secret) principal.masks?.add(value)
      return c.text(`variable ${path} updated`)
    })
    .delete('/delete/:path{.+}', async (c) => {
      demand(c.get('principal'), 'change variables and resources')
      const path = c.req.param('path')
      if (!(await removeVariable(sql, workspace, path))) {
        throw notFound(`variable ${path} is not stored here`)
      }
      return c.text(`variable ${path} deleted`)
    })
}
