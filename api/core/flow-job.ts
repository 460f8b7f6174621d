import { createHash } from 'node:crypto'

const byHash = (eventId: number, emittedAt: string): string => {
  const hex = createHash('sha256').update(`${eventId} ${emittedAt}`).digest('hex')
  const variant = '89ab'[Number.parseInt(hex.charAt(0), 16) % 4]
  return `8${hex.slice(1, 4)}-${variant}${hex.slice(4, 7)}-${hex.slice(8, 20)}`
}

/**
 * The id of the flow that a handler starts over an event: a UUID of version 8 that holds the event's
 * id in its first 48 bits, and a hash in the others. The same event always asks for the same job, so
 * that a second delivery starts nothing; and what the flow then does finds back to the event.
 */
export function flowJobIdOf(event: { id: number; emitted_at: string }): string {
  const id = event.id.toString(16).padStart(12, '0')
  return `${id.slice(0, 8)}-${id.slice(8)}-${byHash(event.id, event.emitted_at)}`
}

/** The event a job id may hold; whether the job was started over it, `flowJobIdOf` tells. */
export function eventIdIn(jobId: string): number | null {
  const match = /^([0-9a-f]{8})-([0-9a-f]{4})-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.exec(
    jobId,
  )
  return match ? Number.parseInt(`${match[1]}${match[2]}`, 16) : null
}
