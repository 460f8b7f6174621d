import type { Command } from 'commander'
import type { Verification } from '../../api/core/entities/revision.ts'
import { apiTarget, call } from '../connect/client.ts'
import { print, table } from './print.ts'

/** `devgodzilla verify`: whether the record of sprints and tasks is what was written. */
export function addVerify(program: Command): void {
  program
    .command('verify')
    .option('--json', 'print JSON')
    .description(
      'check every chain of revisions, and that it ends with what is there; fails if not',
    )
    .action(async ({ json }: { json?: boolean }) => {
      const path = '/revisions/verification'
      const found = (await call(await apiTarget(process.env), {
        method: 'GET',
        path,
      })) as Verification
      print(json, found, () => told(found))
      if (found.faults.length > 0) process.exitCode = 1
    })
}

function told({ revisions, entities, faults, more }: Verification): string {
  const looked = `${revisions} revisions of ${entities} sprints and tasks`
  if (faults.length === 0) return `${looked} are as they were written.`
  const rows = faults.map((it) => [
    `${it.entity_type} ${it.entity_id}`,
    it.number ?? 'now',
    it.fault,
    it.detail,
  ])
  const rest = more > 0 ? `\n… and ${more} more.` : ''
  return `${looked} were checked; these are not as they were written:\n\n${table(['WHAT', 'REVISION', 'FAULT', 'DETAIL'], rows)}${rest}`
}
