import { createMiddleware } from 'hono/factory'
import { originOfFlow } from '../services/event/origin.ts'
import type { Database } from '../store/database.ts'
import type { Env } from './app.ts'

/** What a flow does goes on with the chain of causes that the flow was started in. */
export const flowOrigin = (db: Database) =>
  createMiddleware<Env>(async (c, next) => {
    const { token, caller } = c.var
    const origin = token.service ? await originOfFlow(db, caller.correlationId) : undefined
    if (origin) c.set('caller', { ...caller, ...origin })
    await next()
  })
