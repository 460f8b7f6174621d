import type { ContentfulStatusCode } from 'hono/utils/http-status'

/** An answer that is not what was asked for: Windmill sends these as plain text. */
export class Refusal extends Error {
  readonly status: ContentfulStatusCode

  constructor(status: ContentfulStatusCode, message: string) {
    super(message)
    this.name = 'Refusal'
    this.status = status
  }
}

export function badRequest(message: string): Refusal {
  return new Refusal(400, `Bad request: ${message}`)
}

export function notFound(message: string): Refusal {
  return new Refusal(404, `Not found: ${message}`)
}
