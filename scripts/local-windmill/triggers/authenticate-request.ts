import { createHash, timingSafeEqual } from 'node:crypto'
import * as z from 'zod'
import type { Json } from '../json.ts'
import type { HttpTrigger } from './check-http-trigger.ts'
import { expectedSignature, PROVIDERS } from './signatures.ts'

/** A request that is not let in, with the answer that Windmill gives. */
export class NotLetIn extends Error {
  readonly status: 400 | 401
  readonly basic: boolean

  constructor(status: 400 | 401, message: string, basic = false) {
    super(message)
    this.name = 'NotLetIn'
    this.status = status
    this.basic = basic
  }
}

const secret = z.string().min(1)

/** What the resource of each method holds. An empty secret would let everybody in. */
const RESOURCES = {
  api_key: z.object({ api_key_header: z.string().min(1), api_key_secret: secret }),
  basic_http: z.object({ username: z.string(), password: secret }),
  signature: z
    .object({
      signature_provider: z.enum(['Custom', ...Object.keys(PROVIDERS)]),
      secret_key: secret,
      authentication_config: z
        .object({
          algorithm: z.enum(['sha1', 'sha256', 'sha512']),
          encoding: z.enum(['hex', 'base64', 'base64uri']),
          signature_header_name: z.string().min(1),
          signature_prefix: z.string().nullish(),
        })
        .nullish(),
    })
    .refine((it) => it.signature_provider !== 'Custom' || it.authentication_config, {
      path: ['authentication_config'],
      error: 'is needed with Custom',
    }),
}

/**
 * Lets a request in by what the trigger's resource holds, compared in constant time. Neither
 * signature says when it was made: whoever must not act twice looks at the sender's delivery id.
 *
 * @throws NotLetIn
 * @throws ZodError when the resource is not of the method's kind
 */
export function authenticateRequest(
  method: Exclude<HttpTrigger['authentication_method'], 'none' | 'windmill'>,
  resource: Json,
  headers: Headers,
  body: string,
): void {
  if (method === 'api_key') {
    const { api_key_header, api_key_secret } = RESOURCES.api_key.parse(resource)
    if (!same(headers.get(api_key_header), api_key_secret)) throw new NotLetIn(401, 'Unauthorized')
  } else if (method === 'basic_http') {
    const { username, password } = RESOURCES.basic_http.parse(resource)
    const [, credentials] = /^Basic (\S+)$/.exec(headers.get('authorization') ?? '') ?? []
    const given = credentials && Buffer.from(credentials, 'base64').toString()
    if (!same(given, `${username}:${password}`)) throw new NotLetIn(401, 'Unauthorized', true)
  } else {
    const { signature_provider, secret_key, authentication_config } =
      RESOURCES.signature.parse(resource)
    const header = (name: string) => {
      const value = headers.get(name)
      if (value === null) throw new NotLetIn(400, `missing header ${name}`)
      return value
    }
    const known = PROVIDERS[signature_provider]?.(header, body)
    const claim =
      known ??
      (authentication_config && {
        ...authentication_config,
        message: body,
        given: header(authentication_config.signature_header_name),
      })
    if (!claim || !same(claim.given, expectedSignature(secret_key, claim))) {
      throw new NotLetIn(401, 'signature invalid')
    }
  }
}

/** Compares digests: they are equally long, and the time it takes tells nothing. */
function same(given: string | null | undefined, wanted: string): boolean {
  return given != null && timingSafeEqual(digest(given), digest(wanted))
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
