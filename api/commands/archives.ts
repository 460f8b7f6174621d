import * as z from 'zod'
import { ArchivedMonth, MonthToArchive } from '../core/entities/archive.ts'
import { moment, text, timestamp } from '../core/entities/fields.ts'
import { command, listOf, page } from './command.ts'

export const archiveEvents = command({
  name: 'event.archive',
  summary: 'Move the oldest month of events to a file; call again while months are waiting',
  scope: 'admin',
  method: 'post',
  path: '/events/actions/archive',
  body: z.strictObject({
    before: moment
      .optional()
      .meta({ description: 'whole months that end before; 12 months are kept without it' }),
    to: text(4000)
      .optional()
      .meta({ description: 'folder on the machine of the API; its data folder without it' }),
    dry_run: z.boolean().default(false).meta({ description: 'only tell what would be moved' }),
  }),
  output: z
    .object({ before: timestamp, folder: text(), months: z.array(MonthToArchive) })
    .meta({ id: 'ArchiveReport' }),
})

export const listArchives = command({
  name: 'event.archives',
  summary: 'List the months of events that lie in files',
  scope: 'read',
  method: 'get',
  path: '/events/archives',
  query: z.object(page),
  output: listOf(ArchivedMonth),
})
