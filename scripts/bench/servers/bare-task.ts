import { serve } from '@hono/node-server'
import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi'
import postgres from 'postgres'
import { Task } from '../../../api/core/entities/task.ts'
import { answerQuestions } from './serve.ts'

// A route that reads a task, and nothing else. Its argument: a database.
const sql = postgres(process.argv[2] ?? '', {
  max: 16,
  types: {
    bigint: { to: 20, from: [20], parse: Number, serialize: String },
    moment: {
      to: 1184,
      from: [1082, 1114, 1184],
      parse: (value: string) => new Date(value).toISOString(),
      serialize: String,
    },
  },
})
const columns = Object.keys(Task.shape)
const app = new OpenAPIHono()
const content = (schema: z.ZodType) => ({ 'application/json': { schema } })
app.openapi(
  createRoute({
    method: 'get',
    path: '/tasks/{task_id}',
    request: { params: z.object({ task_id: z.coerce.number().int().positive() }) },
    responses: {
      200: { description: 'The task', content: content(Task) },
      404: { description: 'There is none', content: content(z.object({ error: z.string() })) },
    },
  }),
  async (c) => {
    const [task] = await sql<Task[]>`
      select ${sql(columns)} from tasks where id = ${c.req.valid('param').task_id}`
    return task ? c.json(task, 200) : c.json({ error: 'There is no such task.' }, 404)
  },
)
const server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 }, ({ port }) => {
  answerQuestions(`http://127.0.0.1:${port}`, async () => {
    server.close()
    await sql.end({ timeout: 1 })
  })
})
