import { createHmac } from 'node:crypto'

export type Signing = {
  algorithm: 'sha1' | 'sha256' | 'sha512'
  encoding: 'hex' | 'base64' | 'base64uri'
  signature_header_name: string
  signature_prefix?: string | null | undefined
}

/** What a sender claims to have signed, and with which result. */
export type Claim = Omit<Signing, 'signature_header_name'> & { message: string; given: string }

/** Reads a header of the request. @throws where it is missing */
export type ReadHeader = (name: string) => string

const HEX = { algorithm: 'sha256', encoding: 'hex' } as const

/**
 * How senders that Windmill knows by name sign: they differ in what they sign besides the body.
 * Twitch and Zoom, which also ask for an answer of their own, are not among them.
 */
export const PROVIDERS: Record<string, (header: ReadHeader, body: string) => Claim> = {
  Github: (header, body) => ({
    ...HEX,
    message: body,
    given: header('X-Hub-Signature-256'),
    signature_prefix: 'sha256=',
  }),
  Slack: (header, body) => ({
    ...HEX,
    message: `v0:${header('X-Slack-Request-Timestamp')}:${body}`,
    given: header('X-Slack-Signature'),
    signature_prefix: 'v0=',
  }),
  Stripe: (header, body) => timed(header('Stripe-Signature'), 'v1', body),
  TikTok: (header, body) => timed(header('TikTok-Signature'), 's', body),
}

/** `t=<time>,<name>=<signature>`, over the time and the body. */
function timed(header: string, name: string, body: string): Claim {
  const parts = new Map(
    header.split(',').map((part) => {
      const [key = '', ...value] = part.split('=')
      return [key.trim(), value.join('=')]
    }),
  )
  return { ...HEX, message: `${parts.get('t') ?? ''}.${body}`, given: parts.get(name) ?? '' }
}

/** The signature that the claim should carry, with its prefix. */
export function expectedSignature(
  secret: string,
  { algorithm, encoding, message, signature_prefix }: Omit<Claim, 'given'>,
): string {
  const mac = createHmac(algorithm, secret).update(message).digest()
  // Windmill's URL-safe form keeps its padding.
  const text =
    encoding === 'base64uri'
      ? mac.toString('base64').replaceAll('+', '-').replaceAll('/', '_')
      : mac.toString(encoding)
  return `${signature_prefix ?? ''}${text}`
}
