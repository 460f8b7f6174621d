import type { Command } from 'commander'
import { apiTarget, call } from '../connect/client.ts'
import { print, table } from './print.ts'

interface Report {
  before: string
  folder: string
  months: {
    month: string
    events: number
    state: 'archived' | 'waiting' | 'held'
    reason: string | null
    file: string | null
  }[]
}

interface Options {
  before?: string
  to?: string
  dryRun?: boolean
  json?: boolean
}

/** `devgodzilla events archive`: months of events leave the database for files. */
export function addEvents(program: Command): void {
  program
    .command('events')
    .description('look after the history')
    .command('archive')
    .description('move whole months of events to compressed files')
    .option('--before <date>', 'months that end before; without it, 12 months are kept')
    .option('--to <folder>', 'absolute, on the machine of the API; its data folder without it')
    .option('--dry-run', 'only tell what would be moved')
    .option('--json', 'print JSON')
    .action(async (options: Options) => {
      const report = await archive(options)
      print(options.json, report, () => told(report))
    })
}

/** Archives month by month, until none is waiting. */
async function archive({ before, to, dryRun = false }: Options): Promise<Report> {
  const target = await apiTarget(process.env)
  const body = { before, to, dry_run: dryRun }
  const path = '/events/actions/archive'
  const done: Report['months'] = []
  for (;;) {
    const report = (await call(target, { method: 'POST', path, body })) as Report
    done.push(...report.months.filter((it) => it.state === 'archived'))
    const left = report.months.filter((it) => it.state !== 'archived')
    const moved = left.length < report.months.length
    if (dryRun || !moved || !left.some((it) => it.state === 'waiting')) {
      return { ...report, months: [...done, ...left] }
    }
  }
}

function told({ before, folder, months }: Report): string {
  if (months.length === 0) return `There are no events of months before ${before.slice(0, 10)}.`
  const rows = months.map((it) => [it.month, it.events, it.state, it.reason ?? it.file ?? folder])
  return table(['MONTH', 'EVENTS', 'STATE', 'WHERE OR WHY'], rows)
}
