import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { checkFile, checkFolder, main, totalOf } from '../../scripts/check-speckit.ts'

const FIXTURES = join(import.meta.dirname, '../fixtures/speckit')
const CORPUS = join(import.meta.dirname, '../../../shared/corpus/speckit')

async function run(...args: string[]) {
  const out: string[] = []
  const err: string[] = []
  const code = await main(
    args,
    (line) => out.push(line),
    (line) => err.push(line),
  )
  return { code, out, err: err.join('\n') }
}

describe('our own files', () => {
  it('finds what is in each, and every flip holds', async () => {
    const reports = await checkFolder(FIXTURES)
    expect(reports.map(({ skippedLines: _lines, ...report }) => report)).toEqual([
      {
        file: 'in-the-wild.md',
        tasks: 19,
        done: 6,
        patchable: 16,
        phases: 3,
        hard: 1,
        suggested: 2,
        skipped: {
          checkbox_without_id: 1,
          table_reference: 1,
          bullet_without_checkbox: 1,
          legend: 1,
        },
        flipped: 15,
        failures: [],
      },
      {
        file: 'line-ends.md',
        tasks: 4,
        done: 2,
        patchable: 4,
        phases: 1,
        hard: 0,
        suggested: 0,
        skipped: {},
        flipped: 4,
        failures: [],
      },
      {
        file: 'official.md',
        tasks: 8,
        done: 3,
        patchable: 8,
        phases: 4,
        hard: 3,
        suggested: 1,
        skipped: {
          in_comment: 1,
          checkbox_without_id: 2,
          bullet_without_checkbox: 2,
          in_fence: 2,
          legend: 1,
        },
        flipped: 8,
        failures: [],
      },
    ])
  })
})

describe('the command', () => {
  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'speckit-'))
  })
  afterEach(async () => {
    await rm(folder, { recursive: true })
  })

  it('prints a line per file and a total, and succeeds', async () => {
    await mkdir(join(folder, 'specs/001-a'), { recursive: true })
    await writeFile(join(folder, 'specs/001-a/tasks.md'), '- [ ] T001 A\n- [x] T002 B\n- [ ] c\n')
    const { code, out } = await run(folder)
    expect(code).toBe(0)
    expect(out).toEqual([
      'ok   specs/001-a/tasks.md: 2 tasks (1 done, 2 patchable) in 0 phases, dependencies 0 hard 0 suggested, 2 flipped; not taken: checkbox_without_id 1',
      'ok   total: 2 tasks (1 done, 2 patchable) in 0 phases, dependencies 0 hard 0 suggested, 2 flipped; not taken: checkbox_without_id 1; 1 files, 0 failed',
    ])
    expect((await run('--lines', folder)).out[1]?.trim()).toBe('3 checkbox_without_id: - [ ] c')
  })

  it('prints JSON lines', async () => {
    await writeFile(join(folder, 'tasks.md'), '- [ ] T001 A\n')
    const { out } = await run('--json', folder)
    expect(out.map((line) => JSON.parse(line))).toMatchObject([
      { file: 'tasks.md', tasks: 1, failures: [] },
      { file: 'total', files: 1, tasks: 1, failed: 0 },
    ])
  })

  it('fails on a file that is no UTF-8 or is refused, and names it', async () => {
    await writeFile(join(folder, 'latin.md'), Buffer.from([0x2d, 0xe9, 0x0a]))
    await writeFile(join(folder, 'nul.md'), '- [ ] T001 \0')
    const { code, out } = await run(folder)
    expect(code).toBe(1)
    expect(out.join('\n')).toMatch(/FAIL latin\.md[^\n]*\n\s+not UTF-8/u)
    expect(out.join('\n')).toMatch(/FAIL nul\.md[^\n]*\n\s+nul_character: Line 1/u)
  })

  it('explains wrong use with exit code 2', async () => {
    expect((await run()).code).toBe(2)
    expect((await run('--what', folder)).err).toContain('--what')
    expect((await run(join(folder, 'none'))).err).toContain('is not a folder')
    expect((await run(folder)).err).toContain('no *.md file')
    expect((await run('--help')).out.join()).toContain('check:speckit')
  })
})

describe('public files', () => {
  it('reads every file of the collection, where there is one', async ({ skip }) => {
    const present = await readdir(CORPUS).then(
      (names) => names.some((name) => name.endsWith('.md')),
      (error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return false
        throw error
      },
    )
    skip(!present, 'the collection of public tasks.md files is not on this machine')
    const reports = await checkFolder(CORPUS)
    expect(
      reports.flatMap(({ file, failures }) => failures.map((why) => `${file}: ${why}`)),
    ).toEqual([])
    for (const { file, tasks } of reports) {
      const text = await readFile(join(CORPUS, file), 'utf-8')
      const official = text.match(/^- \[[ xX]\] T\d{3,} /gmu)?.length ?? 0
      expect(tasks, file).toBeGreaterThanOrEqual(official - repeated(text))
    }
    expect(totalOf(reports).tasks).toBeGreaterThanOrEqual(5_250)
  }, 300_000)
})

/** Official-looking lines inside code, which are examples. */
function repeated(text: string): number {
  const fences = text.match(/^\s*```[\s\S]*?^\s*```/gmu) ?? []
  return fences.join('\n').match(/^- \[[ xX]\] T\d{3,} /gmu)?.length ?? 0
}

it('samples a large file over its whole length', () => {
  const text = Array.from({ length: 500 }, (_, i) => `- [ ] T${i + 100} x`).join('\n')
  const report = checkFile('big.md', Buffer.from(text))
  expect(report).toMatchObject({ tasks: 500, flipped: 60, failures: [] })
})
