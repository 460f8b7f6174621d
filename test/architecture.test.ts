import { describe, expect, it } from 'vitest'
import { findViolations } from './support/architecture/find-violations.ts'
import { readSources } from './support/architecture/read-sources.ts'

/** The violations of a small house of its own: path → source. */
function violationsOf(files: Record<string, string>): string[] {
  return findViolations(new Map(Object.entries(files)))
}

describe('the house', () => {
  it('keeps its floors, without circles', async () => {
    const sources = await readSources()
    expect(sources.size).toBeGreaterThan(50)
    expect(findViolations(sources)).toEqual([])
    // All sources are parsed: beside other checks that may take more than a minute.
  }, 300_000)
})

describe('the architecture test refuses', () => {
  const store = { 'api/store/tasks.ts': 'export type Row = { id: number }; export const x = 1' }

  it.each([
    ['an import', "import { x } from '../store/tasks.ts'"],
    ['a type import', "import type { Row } from '../store/tasks.ts'"],
    ['an inline type import', "import { type Row } from '../store/tasks.ts'"],
    ['an import for its effect', "import '../store/tasks.ts'"],
    ['a re-export', "export { x } from '../store/tasks.ts'"],
    ['a re-export of all', "export * from '../store/tasks.ts'"],
    ['a type re-export', "export type { Row } from '../store/tasks.ts'"],
    ['a dynamic import', "export const load = () => import('../store/tasks.ts')"],
    ['a dynamic import in back ticks', 'export const load = () => import(`../store/tasks.ts`)'],
    ['a type in place', "export type Mine = import('../store/tasks.ts').Row"],
    ['an import without extension', "import { x } from '../store/tasks'"],
  ])('%s from a lower floor to a higher one', (_, source) => {
    expect(violationsOf({ ...store, 'api/core/points.ts': source })).toEqual([
      'api/core/points.ts:1 imports api/store/tasks.ts, which api/core/ may not (floor 0 → floor 1)',
    ])
  })

  it.each([
    ['commands from the core', 'api/core/a.ts', '../commands/b.ts'],
    ['a surface from a service', 'api/services/a.ts', '../http/b.ts'],
    ['one surface from the other', 'api/mcp/a.ts', '../http/b.ts'],
    ['main from a surface', 'api/http/a.ts', '../main.ts'],
    ['a flow from the api', 'api/http/a.ts', '../../f/b.ts'],
    ['the api from a flow', 'f/a.ts', '../api/core/b.ts'],
    ['the api from a flow, by workspace path', 'f/a.ts', '/api/core/b.ts'],
    ['a script from a flow', 'f/a.ts', '../scripts/b.ts'],
    ['the store from a script', 'scripts/a.ts', '../api/store/b.ts'],
    ['a test from the product', 'scripts/a.ts', '../test/b.ts'],
    ['a flow from the console', 'console/a.tsx', '../f/b.ts'],
    ['a page from another page', 'console/src/board/a.tsx', '../charts/b.ts'],
    ['a page from a part of pages', 'console/src/ui/a.tsx', '../board/b.ts'],
    ['a part from one that stands before it', 'console/src/live/a.ts', '../edits/b.ts'],
  ])('%s', (_, path, specifier) => {
    const [violation, ...others] = violationsOf({ [path]: `import { b } from '${specifier}'` })
    expect(violation).toContain(`${path}:1 imports`)
    expect(others).toEqual([])
  })

  it('anything but types in the console', () => {
    const of = (source: string) => violationsOf({ 'console/a.tsx': source, 'api/core/b.ts': '' })
    expect(of("import { b } from '../api/core/b.ts'")).toEqual([
      'console/a.tsx:1 imports more than types from api/core/b.ts',
    ])
    expect(of("import { type B, b } from '../api/core/b.ts'")).toHaveLength(1)
    expect(of("import '../api/core/b.ts'")).toHaveLength(1)
    expect(of("import type { B } from '../api/core/b.ts'")).toEqual([])
    expect(of("export type B = import('../api/core/b.ts').B")).toEqual([])
  })

  it('circles, also of types', () => {
    expect(
      violationsOf({
        'api/core/a.ts': "import { b } from './b.ts'",
        'api/core/b.ts': "\nimport type { C } from './c.ts'",
        'api/core/c.ts': "export * from './a.ts'",
        'api/core/d.ts': "import { b } from './b.ts'",
      }),
    ).toEqual(['circle: api/core/a.ts → api/core/b.ts → api/core/c.ts → api/core/a.ts'])
    expect(violationsOf({ 'f/a.ts': "import './a.ts'" })).toEqual(['circle: f/a.ts → f/a.ts'])
  })

  it('I/O in the core, computed names, and files without a room', () => {
    expect(
      violationsOf({
        'api/core/a.ts': "import { readFile } from 'node:fs/promises'",
        'api/core/b.ts': "import { connect } from 'net'",
        'f/c.ts': 'export const load = (name: string) => import(name)',
        'api/elsewhere/d.ts': '',
      }),
    ).toEqual([
      'api/core/a.ts:1 imports node:fs/promises, and api/core/ does no I/O',
      'api/core/b.ts:1 imports net, and api/core/ does no I/O',
      'f/c.ts:1 imports a computed name, which nobody can check',
      'api/elsewhere/d.ts is in no room: give it one in test/support/architecture/floors.ts',
    ])
  })
})

describe('the architecture test lets pass', () => {
  it('what looks down, packages, and words in comments and texts', () => {
    expect(
      violationsOf({
        'api/main.ts': "import { app } from './http/app.ts'",
        'api/http/app.ts':
          "import { x } from '../services/tasks/move.ts'\nimport { Hono } from 'hono'",
        'api/services/tasks/move.ts': "export { y as x } from '../../core/y.ts'",
        'api/core/y.ts': "// import '../store/z.ts'\nexport const y = \"import '../store/z.ts'\"",
        'api/core/hash.ts': "import { createHash } from 'node:crypto'",
        'f/devgodzilla/a.ts':
          "import { b } from './lib/b.ts'\nimport * as wmill from 'windmill-client'",
        'f/devgodzilla/lib/b.ts': "import { readFile } from 'node:fs/promises'",
        'scripts/start.ts': "import { main } from '../api/main.ts'\nawait import(process.argv[2])",
        'vitest.config.ts': "import { defineConfig } from 'vitest/config'",
      }),
    ).toEqual([])
  })
})
