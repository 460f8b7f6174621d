import { isAbsolute, resolve } from 'node:path'
import { archiveEvents as command } from '../../commands/archives.ts'
import { archiveCut, spanOf } from '../../core/archive.ts'
import type { MonthToArchive } from '../../core/entities/archive.ts'
import { conflict, invalid } from '../../core/errors.ts'
import {
  aloneAtArchive,
  finishArchive,
  insertArchive,
  linesOfMonth,
  type OldMonth,
  oldMonths,
  removeArchived,
  unfinishedArchive,
} from '../../store/archive.ts'
import type { Tx } from '../../store/database.ts'
import { type Cursor, endOfEvents } from '../../store/events.ts'
import { transaction } from '../../store/transaction.ts'
import { authorise, type Caller, type Runtime, type Verb, workIn } from '../runtime.ts'
import { readArchiveFile, writeArchiveFile } from './archive-file.ts'

/** Events that leave the table in one transaction. */
const batchSize = 5000

/**
 * Moves the oldest month of events that may go to a file. Not one transaction: each step leaves
 * everything right, and a call that is killed anywhere is gone on with by the next one.
 */
export const archiveEvents: Verb<typeof command> = {
  command,
  async run(runtime, caller, { before, to, dry_run }) {
    authorise(command, caller)
    const cut = archiveCut(before, Date.now())
    const folder = folderOf(runtime, to)
    const months = (await oldMonths(runtime.db, cut)).map(planned)
    const report = (done: string | null, file: string | null) => ({
      output: {
        before: cut,
        folder,
        months: months.map((it) =>
          it.month === done ? { ...it, state: 'archived' as const, reason: null, file } : it,
        ),
      },
      changed: done !== null,
    })
    if (dry_run) return report(null, null)
    const moved = await aloneAtArchive(runtime.db, async () => {
      const left = await unfinishedArchive(runtime.db)
      if (left) return removeMonth(runtime, left)
      const next = months.find((it) => it.state === 'waiting')
      return next ? archiveMonth(runtime, caller, next.month, folder) : null
    })
    if (moved === undefined) {
      throw conflict(
        'one_archive_at_a_time',
        'Events are being archived by another request; wait until it has ended.',
      )
    }
    return report(moved?.month ?? null, moved?.file ?? null)
  },
}

function folderOf({ archiveDir }: Runtime, to: string | undefined): string {
  if (to !== undefined && !isAbsolute(to)) {
    throw invalid('to', 'absolute_path', 'must be an absolute path on the machine of the API')
  }
  const folder = to ?? archiveDir
  if (folder === undefined) {
    throw invalid('to', 'archive_folder', 'name a folder: this process has no data folder')
  }
  return resolve(folder)
}

function planned({
  month,
  events,
  unsettled,
  unsent,
  uncertain,
  archived,
}: OldMonth): MonthToArchive {
  const reasons = [
    unsettled > 0
      ? `${unsettled} deliveries to handlers are not settled; see /deliveries, and replay what is parked`
      : '',
    unsent > 0 ? `${unsent} webhook messages are not sent` : '',
    uncertain > 0 ? 'a transaction that began before them is still open; try again later' : '',
    archived ? 'these events came after their month was archived' : '',
  ].filter((it) => it !== '')
  return {
    ...{ month, events, file: null },
    state: reasons.length > 0 ? 'held' : 'waiting',
    reason: reasons.join('; ') || null,
  }
}

/** The places at which a test ends the process. */
export type ArchivePoint = 'written' | 'named' | 'recorded' | 'removing' | 'removed'
type Reached = (point: ArchivePoint) => void

/** Writes a month to its file, reads that back, records it, and takes its events out of the table. */
export async function archiveMonth(
  runtime: Runtime,
  caller: Caller,
  month: string,
  folder: string,
  { reached = (_: ArchivePoint) => {}, batch = batchSize } = {},
): Promise<{ month: string; file: string }> {
  const span = spanOf(month)
  const ends: { first?: Cursor; last?: Cursor; min: number; max: number } = {
    min: Number.MAX_SAFE_INTEGER,
    max: 0,
  }
  // All that is below has ended, so that what is read after this holds the whole of it.
  const before_xid = await endOfEvents(runtime.db)
  const archive = async (tx: Tx) => {
    const lines = async function* () {
      for await (const rows of linesOfMonth(tx, { ...span, before_xid })) {
        for (const { xid, id, line } of rows) {
          ends.first ??= { xid, id }
          ends.last = { xid, id }
          ends.min = Math.min(ends.min, id)
          ends.max = Math.max(ends.max, id)
          yield line
        }
      }
    }
    const name = `events-${month}.jsonl.gz`
    return writeArchiveFile(folder, name, lines(), () => reached('written'))
  }
  const written = await transaction(runtime.db, archive, { readsAlone: true })
  reached('named')
  const { first, last, min, max } = ends
  if (!first || !last) throw new Error(`the month ${month} has no events`)
  const { file, sha256, bytes, lines: events } = written
  await expectIntact(written)
  await transaction(runtime.db, async (tx) => {
    await insertArchive(tx, {
      ...{ month, ...span, before_xid, first, last, min_id: min, max_id: max },
      ...{ file, sha256, bytes, events },
    })
    const work = await workIn(tx, runtime, caller)
    await work.record({
      type: 'events.archived',
      entity_type: 'archive',
      entity_id: Number(month.replace('-', '')),
      project_id: null,
      payload: { month, file, events, sha256 },
    })
  })
  reached('recorded')
  await removeEvents(runtime, month, reached, batch)
  return { month, file }
}

/** Goes on where a process was ended between recording a month and removing all of its events. */
async function removeMonth(
  runtime: Runtime,
  {
    month,
    file,
    sha256,
    bytes,
    events,
  }: { month: string } & Omit<Written, 'lines'> & { events: number },
): Promise<{ month: string; file: string }> {
  await expectIntact({ file, sha256, bytes, lines: events })
  await removeEvents(runtime, month, () => {}, batchSize)
  return { month, file }
}

type Written = Awaited<ReturnType<typeof writeArchiveFile>>

/** @throws DomainError `conflict` where the file is not what was written: no event may go then */
async function expectIntact(expected: Written): Promise<void> {
  const found = await readArchiveFile(expected.file).catch((error: Error) => error)
  if (
    !(found instanceof Error) &&
    found.sha256 === expected.sha256 &&
    found.bytes === expected.bytes &&
    found.lines === expected.lines
  ) {
    return
  }
  const said = found instanceof Error ? found.message : 'its content differs'
  throw conflict(
    'archive_file_intact',
    `${expected.file} does not hold what was written to it (${said}); its events stay. Bring the file with the SHA-256 ${expected.sha256} back, then archive again.`,
  )
}

async function removeEvents(
  runtime: Runtime,
  month: string,
  reached: Reached,
  batch: number,
): Promise<void> {
  let last: number | null = 0
  while (last !== null) {
    const after: number = last
    last = await transaction(runtime.db, (tx) => removeArchived(tx, month, after, batch))
    if (last !== null) reached('removing')
  }
  reached('removed')
  if (!(await transaction(runtime.db, (tx) => finishArchive(tx, month)))) {
    throw new Error(`not every event of ${month} that its file holds was there to be removed`)
  }
}
