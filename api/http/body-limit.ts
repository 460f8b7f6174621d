import { bodyLimit } from 'hono/body-limit'
import { DomainError } from '../core/errors.ts'

/**
 * Refuses larger bodies. One that does not say its length is read to know it, so whoever may send
 * nothing is to be turned away before.
 */
export const atMost = (megabytes: number) =>
  bodyLimit({
    maxSize: megabytes * 1024 * 1024,
    onError: (c) => {
      // What is left of the body is not read: nothing else may follow on this connection.
      c.header('Connection', 'close')
      throw new DomainError('too_large', 'body_size', `The body is larger than ${megabytes} MB.`)
    },
  })
