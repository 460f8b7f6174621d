import { stringify } from 'yaml'
import { code, type WorkspaceFolder } from '../../scripts/local-windmill/workspace-folder.ts'

/** Flows by the product's names: one that waits, one that loops, one that asks somebody. */
export async function sampleFlows(folder: WorkspaceFolder): Promise<void> {
  const flow = (name: string, modules: object[], rest: object = {}) =>
    folder.file(
      `f/devgodzilla/${name}__flow/flow.yaml`,
      stringify({ summary: `Flow ${name}`, ...rest, value: { modules } }),
    )
  await flow('execute_protocol', [
    code('wait', 'export async function main() { await new Promise((ok) => setTimeout(ok, 6e4)) }'),
  ])
  await flow(
    'complete_sprint',
    [
      {
        id: 'each',
        summary: 'Each card',
        value: {
          type: 'forloopflow',
          iterator: { type: 'static', value: [1, 2] },
          skip_failures: false,
          modules: [
            code('look', 'export async function main() { console.log("card seen"); return 1 }'),
          ],
        },
      },
      code('sum', 'export async function main(n: number) { return { points: n } }', {
        n: '=flow_input.sprint_id',
      }),
    ],
    {
      schema: {
        type: 'object',
        order: ['sprint_id', 'carry_over_to'],
        properties: {
          sprint_id: { type: 'integer', title: 'Sprint', description: 'Id of the sprint.' },
          carry_over_to: { type: 'string', title: 'Carry over to', default: 'backlog' },
        },
        required: ['sprint_id'],
      },
    },
  )
  await flow('reconcile_specs', [
    code(
      'ask',
      `export async function main() { return { description: 'Shall it go on?' } }`,
      {},
      {
        summary: 'Ask somebody',
        suspend: {
          required_events: 1,
          resume_form: {
            schema: { type: 'object', properties: { note: { type: 'string', title: 'Note' } } },
          },
        },
      },
    ),
    code('after', 'export async function main(note: string) { return note }', {
      note: '=resume.note',
    }),
  ])
}
