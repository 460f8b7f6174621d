import { pino } from 'pino'
import { type ArchivePoint, archiveMonth } from '../../../api/services/event/archive.ts'
import { system } from '../../../api/services/runtime.ts'
import { connect } from '../../../api/store/database.ts'

/** Archives a month, three events at a time, and kills itself without warning where it is told. */
const { databaseUrl, month, folder, dieAt } = JSON.parse(process.argv[2] ?? '') as {
  databaseUrl: string
  month: string
  folder: string
  dieAt: ArchivePoint
}
const runtime = {
  db: connect(databaseUrl),
  log: pino({ level: 'silent' }),
  flows: { start: async () => {}, find: async () => undefined, cancel: async () => {} },
  sprintIntegration: false,
}
await archiveMonth(runtime, system('test', null), month, folder, {
  batch: 3,
  reached: (point) => {
    if (point === dieAt) process.kill(process.pid, 'SIGKILL')
  },
})
