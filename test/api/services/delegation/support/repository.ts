import { createHash } from 'node:crypto'
import { expect } from 'vitest'
import type { Json } from '../../../../support/api.ts'
import type { CheckedApi } from '../../../support/checked-api.ts'

const sha256Of = (text: string) => createHash('sha256').update(text).digest('hex')
const templateFolder = 'delegation/.templates/'

/** The files of a repository, without one: what the flow reads and writes. */
export class Repository {
  readonly files = new Map<string, string>()
  readonly #api: CheckedApi
  readonly #project: Json

  constructor(api: CheckedApi, project: Json) {
    this.#api = api
    this.#project = project
  }

  text(path: string): string {
    const text = this.files.get(path)
    expect(text, path).toBeDefined()
    return text ?? ''
  }

  edit(path: string, change: (text: string) => string): void {
    const before = this.text(path)
    this.files.set(path, change(before))
  }

  replace(path: string, from: string, to: string): void {
    expect(this.text(path)).toContain(from)
    this.edit(path, (text) => text.replace(from, to))
  }

  read() {
    const all = [...this.files].map(([path, text]) => ({ path, text }))
    const isTemplate = (path: string) => path.startsWith(templateFolder)
    return {
      files: all.filter(({ path }) => !isTemplate(path)),
      templates: all.filter(({ path }) => isTemplate(path)),
    }
  }

  ask(verb: 'sync' | 'check', body: object = this.read()) {
    return this.#api.post(`/projects/${this.#project.id}/delegation/${verb}`, body)
  }

  /** Writes what a sync answered, where the files are still those that were read. */
  write(plan: Json): { path: string; sha256: string | null }[] {
    const done: { path: string; sha256: string | null }[] = []
    const isAs = (path: string, expected: string | null) => {
      const found = this.files.get(path)
      return expected === null ? found === undefined : sha256Of(found ?? '') === expected
    }
    for (const { path, text, expected_sha256 } of plan.writes) {
      if (!isAs(path, expected_sha256)) continue
      this.files.set(path, text)
      done.push({ path, sha256: sha256Of(text) })
    }
    for (const { path, expected_sha256 } of plan.removes) {
      if (!isAs(path, expected_sha256)) continue
      this.files.delete(path)
      done.push({ path, sha256: null })
    }
    return done
  }

  async confirm(files: object[]): Promise<Json> {
    const answer = await this.#api.post(`/projects/${this.#project.id}/delegation/confirm`, {
      files,
    })
    expect(answer.status, JSON.stringify(answer.body)).toBe(200)
    return answer.body
  }

  /** As the flow does all of it. */
  async sync(): Promise<Json> {
    const { status, body } = await this.ask('sync')
    expect(status, JSON.stringify(body).slice(0, 1000)).toBe(200)
    await this.confirm(this.write(body))
    return body
  }
}
