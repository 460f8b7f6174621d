/** Something of the suite that a server does not have, and why. */
export class NotTaken extends Error {
  readonly reason: string

  constructor(path: string, reason: string) {
    super(`the server did not take ${path}: ${reason}`)
    this.name = 'NotTaken'
    this.reason = reason
  }
}
