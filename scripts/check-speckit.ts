import { realpathSync } from 'node:fs'
import { readdir, readFile, stat } from 'node:fs/promises'
import { join, relative, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseTasks } from '../api/core/speckit/parse-tasks.ts'
import { type MarkChange, patchMarks } from '../api/core/speckit/patch-marks.ts'
import { SpecKitError } from '../api/core/speckit/speckit-error.ts'
import type { ParsedTask, ParsedTasks, SkippedLine } from '../api/core/speckit/types.ts'

/** Flips per file; each parses the file again, so a large file gets a sample spread over it. */
const FLIPS_PER_FILE = 60

const USAGE = `Usage: npm run check:speckit -- [--json] [--lines] DIR

Reads every *.md file below DIR as a SpecKit tasks.md and checks that
  - it is UTF-8 and parses;
  - parse, patch nothing: every byte is the same;
  - parse, flip one task: exactly one character differs, and only that task reads differently.
    Flips every task that has a checkbox, or ${FLIPS_PER_FILE} of them spread over a larger file.
Writes nothing. Exits 1 when a file fails, 2 when it is used wrongly.

  --json   one JSON object per file and one total, a line each
  --lines  also print every line that looked like a task and was not taken
`

export interface FileReport {
  file: string
  tasks: number
  done: number
  patchable: number
  phases: number
  hard: number
  suggested: number
  skipped: Record<string, number>
  flipped: number
  failures: string[]
  skippedLines: SkippedLine[]
}

async function markdownFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile() && entry.name.toLowerCase().endsWith('.md'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
}

function spread<T>(items: readonly T[], most: number): T[] {
  if (items.length <= most) return [...items]
  return Array.from(
    { length: most },
    (_, i) => items[Math.floor((i * (items.length - 1)) / (most - 1))],
  ).filter((item) => item !== undefined)
}

/** UTF-16 offsets at which two texts differ, at most three; null when their lengths do. */
function differences(a: string, b: string): number[] | null {
  if (a.length !== b.length) return null
  const found: number[] = []
  for (let i = 0; i < a.length && found.length < 3; i++) if (a[i] !== b[i]) found.push(i)
  return found
}

function sameButMark(a: ParsedTask, b: ParsedTask): boolean {
  const strip = ({ mark: _mark, struck: _struck, ...rest }: ParsedTask) => JSON.stringify(rest)
  return strip(a) === strip(b)
}

function checkFlip(text: string, parsed: ParsedTasks, index: number): string | null {
  const task = parsed.tasks[index]
  if (task === undefined) return null
  const name = `${task.externalId}#${task.occurrence} (line ${task.line})`
  const change: MarkChange = {
    externalId: task.externalId,
    occurrence: task.occurrence,
    done: task.mark !== 'done',
  }
  const patched = patchMarks(text, [change])
  const differs = differences(text, patched.text)
  if (differs?.length !== 1 || differs[0] !== task.markOffset) {
    return `${name}: flipping it changed ${differs === null ? 'the length' : `offsets ${differs.join(', ')}`}, expected ${task.markOffset}`
  }
  const again = parseTasks(patched.text)
  if (again.tasks.length !== parsed.tasks.length)
    return `${name}: flipping it changed the number of tasks`
  const other = again.tasks.findIndex((after, i) => {
    const before = parsed.tasks[i]
    if (before === undefined || !sameButMark(before, after)) return true
    return i !== index && before.mark !== after.mark
  })
  if (other !== -1)
    return `${name}: flipping it changed how ${again.tasks[other]?.externalId} reads`
  const now = again.tasks[index]
  return now !== undefined && (now.mark === 'done') === change.done
    ? null
    : `${name}: flipped to ${change.done ? 'done' : 'open'} it reads as ${now?.mark}`
}

/** Checks one file's bytes. Never throws for what a file can hold: that is a failure in the report. */
export function checkFile(file: string, bytes: Uint8Array): FileReport {
  const report: FileReport = {
    file,
    tasks: 0,
    done: 0,
    patchable: 0,
    phases: 0,
    hard: 0,
    suggested: 0,
    skipped: {},
    flipped: 0,
    failures: [],
    skippedLines: [],
  }
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    report.failures.push('not UTF-8; save the file as UTF-8')
    return report
  }
  let parsed: ParsedTasks
  try {
    parsed = parseTasks(text)
  } catch (error) {
    if (!(error instanceof SpecKitError)) throw error
    report.failures.push(`${error.code}: ${error.message}`)
    return report
  }
  report.tasks = parsed.tasks.length
  report.done = parsed.tasks.filter((task) => task.mark === 'done').length
  report.patchable = parsed.tasks.filter((task) => task.markOffset !== null).length
  report.phases = parsed.phases.length
  report.hard = parsed.dependencies.filter((edge) => edge.kind === 'hard').length
  report.suggested = parsed.dependencies.length - report.hard
  report.skippedLines = parsed.skipped
  for (const { reason } of parsed.skipped) {
    report.skipped[reason] = (report.skipped[reason] ?? 0) + 1
  }

  const unchanged = parsed.tasks.map(({ externalId, occurrence, mark }) => ({
    externalId,
    occurrence,
    done: mark === 'done',
  }))
  const same = Buffer.from(patchMarks(text, unchanged).text, 'utf-8')
  if (!same.equals(bytes)) report.failures.push('patching nothing changed the bytes')

  const flippable = parsed.tasks.flatMap((task, index) =>
    task.markOffset !== null && !task.struck ? [index] : [],
  )
  for (const index of spread(flippable, FLIPS_PER_FILE)) {
    const failure = checkFlip(text, parsed, index)
    if (failure !== null) report.failures.push(failure)
    report.flipped++
  }
  return report
}

function describe(report: FileReport): string {
  const skipped = Object.entries(report.skipped)
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([reason, count]) => `${reason} ${count}`)
    .join(', ')
  return (
    `${report.failures.length === 0 ? 'ok  ' : 'FAIL'} ${report.file}: ` +
    `${report.tasks} tasks (${report.done} done, ${report.patchable} patchable) in ${report.phases} phases, ` +
    `dependencies ${report.hard} hard ${report.suggested} suggested, ${report.flipped} flipped` +
    `${skipped === '' ? '' : `; not taken: ${skipped}`}`
  )
}

/** Adds up reports; the total has no lines of its own. */
export function totalOf(reports: readonly FileReport[]): Omit<FileReport, 'skippedLines'> & {
  files: number
  failed: number
} {
  const skipped: Record<string, number> = {}
  const sum = (pick: (report: FileReport) => number) =>
    reports.reduce((total, report) => total + pick(report), 0)
  for (const report of reports) {
    for (const [reason, count] of Object.entries(report.skipped)) {
      skipped[reason] = (skipped[reason] ?? 0) + count
    }
  }
  return {
    file: 'total',
    files: reports.length,
    failed: reports.filter((report) => report.failures.length > 0).length,
    tasks: sum((report) => report.tasks),
    done: sum((report) => report.done),
    patchable: sum((report) => report.patchable),
    phases: sum((report) => report.phases),
    hard: sum((report) => report.hard),
    suggested: sum((report) => report.suggested),
    flipped: sum((report) => report.flipped),
    skipped,
    failures: [],
  }
}

/** Checks every *.md below `folder`, in path order. */
export async function checkFolder(folder: string): Promise<FileReport[]> {
  const reports: FileReport[] = []
  for (const path of await markdownFiles(folder)) {
    reports.push(checkFile(relative(folder, path), await readFile(path)))
  }
  return reports
}

/** Runs the command line and returns the exit code. */
export async function main(
  args: readonly string[],
  print: (line: string) => void,
  warn: (line: string) => void,
): Promise<number> {
  const flags = new Set(args.filter((arg) => arg.startsWith('-')))
  const folders = args.filter((arg) => !arg.startsWith('-'))
  if (flags.has('--help') || flags.has('-h')) {
    print(USAGE)
    return 0
  }
  const unknown = [...flags].find((flag) => flag !== '--json' && flag !== '--lines')
  const [given] = folders
  if (unknown !== undefined || given === undefined || folders.length > 1) {
    warn(unknown === undefined ? 'Name exactly one folder.' : `Unknown option ${unknown}.`)
    warn(USAGE)
    return 2
  }
  const folder = resolve(given)
  const found = await stat(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw error
  })
  if (found === null || !found.isDirectory()) {
    warn(`${folder} is not a folder; name the folder that holds the files.`)
    return 2
  }
  const reports = await checkFolder(folder)
  if (reports.length === 0) {
    warn(`${folder} holds no *.md file.`)
    return 2
  }
  const total = totalOf(reports)
  for (const report of reports) {
    const { skippedLines, ...counts } = report
    if (flags.has('--json')) {
      print(JSON.stringify(flags.has('--lines') ? report : counts))
      continue
    }
    print(describe(report))
    for (const failure of report.failures) print(`       ${failure}`)
    if (!flags.has('--lines')) continue
    for (const { line, reason, text } of skippedLines) print(`       ${line} ${reason}: ${text}`)
  }
  if (flags.has('--json')) print(JSON.stringify(total))
  else
    print(
      `${describe({ ...total, skippedLines: [] })}; ${total.files} files, ${total.failed} failed`,
    )
  return total.failed === 0 ? 0 : 1
}

// Only when run as a command; the real path, since the one given may go through a link.
const invoked = process.argv[1]
if (invoked !== undefined && import.meta.url === pathToFileURL(realpathSync(invoked)).href) {
  process.exitCode = await main(process.argv.slice(2), console.log, console.error)
}
