import { CompletedSprint } from '../lib/answers.ts'

/** How a sprint ended: the same however often the flow is run. */
export interface CompletionReport {
  message: string
  sprint: CompletedSprint['sprint']
  report: CompletedSprint['report']
  files: { spec_path: string; changed: string[]; unpatchable: object[] }[]
}

export async function main(
  completed: object,
  exported: {
    files: { spec_path: string; changed: string[]; unpatchable: object[]; state: string }[]
  },
): Promise<CompletionReport> {
  const { sprint, report } = CompletedSprint.parse(completed)
  const files = exported.files.map(({ spec_path, changed, unpatchable }) => ({
    ...{ spec_path, changed, unpatchable },
  }))
  const left = report.carried_over.length
  const gone = exported.files.filter(({ state }) => state === 'gone')
  const message = [
    `sprint ${sprint.code} is completed: ${report.completed_points} points done of ` +
      `${report.committed_points} committed`,
    left > 0 ? `${left} tasks (${report.carried_over_points} points) carried over` : 'nothing left',
    ...gone.map(({ spec_path }) => `${spec_path} is no longer in the repository`),
    ...files
      .filter(({ unpatchable }) => unpatchable.length > 0)
      .map(({ spec_path, unpatchable }) => `${spec_path}: ${unpatchable.length} marks by hand`),
  ].join('; ')
  return { message, sprint, report, files }
}
