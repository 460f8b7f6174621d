import { mkdtempSync, rmSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { stringify } from 'yaml'

export type WorkspaceFolder = {
  root: string
  /** A script at `f/t/<name>.ts`; its parameters, if given, go into its metadata. */
  script(name: string, source: string, metadata?: object): Promise<void>
  /** A flow at `f/t/<name>__flow/flow.yaml`. */
  flow(name: string, value: object, rest?: object): Promise<void>
  file(path: string, content: string): Promise<void>
  remove(): void
}

/** A workspace of the test's own, in a temporary folder. */
export function workspaceFolder(): WorkspaceFolder {
  const root = mkdtempSync(join(tmpdir(), 'local-windmill-'))
  const file = async (path: string, content: string) => {
    await mkdir(dirname(join(root, path)), { recursive: true })
    await writeFile(join(root, path), content)
  }
  return {
    root,
    file,
    async script(name, source, metadata = {}) {
      await file(`f/t/${name}.ts`, source)
      await file(
        `f/t/${name}.script.yaml`,
        stringify({ summary: name, kind: 'script', ...metadata }),
      )
    },
    async flow(name, value, rest = {}) {
      await file(`f/t/${name}__flow/flow.yaml`, stringify({ summary: name, ...rest, value }))
    },
    remove: () => rmSync(root, { recursive: true, force: true }),
  }
}

/** A module that runs a script of the test's workspace. */
export function step(id: string, script: string, inputs: Record<string, unknown> = {}, rest = {}) {
  return {
    id,
    value: { type: 'script', path: `f/t/${script}`, input_transforms: transforms(inputs) },
    ...rest,
  }
}

/** Strings that start with `=` are expressions; all else is fixed. */
export function transforms(inputs: Record<string, unknown>) {
  return Object.fromEntries(
    Object.entries(inputs).map(([name, value]) => [
      name,
      typeof value === 'string' && value.startsWith('=')
        ? { type: 'javascript', expr: value.slice(1) }
        : { type: 'static', value },
    ]),
  )
}

/** A module whose code stands in the flow. */
export function code(id: string, content: string, inputs: Record<string, unknown> = {}, rest = {}) {
  return {
    id,
    value: { type: 'rawscript', language: 'bun', content, input_transforms: transforms(inputs) },
    ...rest,
  }
}
