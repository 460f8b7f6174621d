/** The secrets that a job has been given, so that its log and errors do not repeat them. */
export class Masks {
  readonly #secrets = new Set<string>()

  /** One or two characters are no secret, and would black out everything. */
  add(secret: string): void {
    if (secret.length < 3) return
    this.#secrets.add(secret)
    this.#secrets.add(JSON.stringify(secret).slice(1, -1))
    this.#secrets.add(encodeURIComponent(secret.toWellFormed()))
    for (const line of secret.split('\n')) if (line.length >= 8) this.#secrets.add(line)
  }

  apply(text: string): string {
    // The longest first: one secret may be the beginning of another.
    const secrets = [...this.#secrets].sort((a, b) => b.length - a.length)
    return secrets.reduce((masked, secret) => masked.replaceAll(secret, '*****'), text)
  }
}
