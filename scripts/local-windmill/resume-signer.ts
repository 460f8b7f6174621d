import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto'

/** What a signature lets its holder do, without being logged in: answer once behind this step. */
export type ResumeTicket = {
  /** The step, or the flow for all that is waited for in it. */
  targetId: string
  /** A whole number below 2^32, chosen by the one who asks. */
  resumeId: number
  approver: string | undefined
}

export class ResumeSigner {
  readonly #key: Buffer

  constructor(secretKey: Buffer) {
    this.#key = Buffer.from(hkdfSync('sha256', secretKey, '', 'windmill approvals', 32))
  }

  /** In hexadecimal. */
  sign(ticket: ResumeTicket): string {
    return this.#digest(ticket).toString('hex')
  }

  verify(ticket: ResumeTicket, signature: string): boolean {
    // What is no hexadecimal would end the reading early, and be let pass.
    if (!/^[0-9a-f]{64}$/.test(signature)) return false
    const given = Buffer.from(signature, 'hex')
    const wanted = this.#digest(ticket)
    return timingSafeEqual(given, wanted)
  }

  #digest({ targetId, resumeId, approver }: ResumeTicket): Buffer {
    const number = Buffer.alloc(4)
    number.writeUInt32BE(resumeId)
    return createHmac('sha256', this.#key)
      .update(Buffer.from(targetId.replaceAll('-', ''), 'hex'))
      .update(number)
      .update(approver ?? '')
      .digest()
  }
}
