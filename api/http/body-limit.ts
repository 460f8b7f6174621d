import type { Context } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { createMiddleware } from 'hono/factory'
import { DomainError } from '../core/errors.ts'

/**
 * Refuses larger bodies. One that does not say its length is read to know it, so whoever may send
 * nothing is to be turned away before. One that does is not looked at: for that alone a stream would
 * be made of it, which costs more than to read it.
 */
export const atMost = (megabytes: number) => {
  const most = megabytes * 1024 * 1024
  const tooLarge = (c: Context) => {
    // What is left of the body is not read: nothing else may follow on this connection.
    c.header('Connection', 'close')
    throw new DomainError('too_large', 'body_size', `The body is larger than ${megabytes} MB.`)
  }
  const reading = bodyLimit({ maxSize: most, onError: tooLarge })
  return createMiddleware((c, next) => {
    if (c.req.header('Transfer-Encoding') !== undefined) return reading(c, next)
    return Number(c.req.header('Content-Length') ?? 0) > most ? tooLarge(c) : next()
  })
}
