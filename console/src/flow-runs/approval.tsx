import { useQueryClient } from '@tanstack/react-query'
import { useRef } from 'react'
import { request } from '../api/request.ts'
import type { FlowApproval } from '../api/types.ts'
import { Form } from '../form/form.tsx'
import { useForm } from '../form/use-form.ts'
import { useMay } from '../session/session.ts'
import { flowRunQuery } from './flow-queries.ts'
import { orderedFields, readFields, type Schema, SchemaFields } from './schema-fields.tsx'

/** What a flow waits for: its question, its form, and two ways to answer. */
export function Approval({ jobId, approval }: { jobId: string; approval: FlowApproval }) {
  const client = useQueryClient()
  const mayPlan = useMay('plan')
  const rejects = useRef<HTMLInputElement>(null)
  const schema = (approval.form ?? {}) as Schema
  const form = useForm({
    send: (typed, idempotencyKey) => {
      const verb = typed.get('rejects') === 'yes' ? 'reject' : 'approve'
      const payload = readFields(schema, 'payload.', typed)
      return request('POST', `/flow-runs/${jobId}/actions/${verb}`, {
        body: { payload },
        idempotencyKey,
      })
    },
    onSent: () => client.invalidateQueries({ queryKey: flowRunQuery(jobId).queryKey }),
  })
  return (
    <section className="notice flow-approval" aria-labelledby="approval">
      <h2 id="approval">It waits for an approval behind “{approval.step}”</h2>
      {approval.message && <p>{approval.message}</p>}
      {mayPlan && (
        <Form
          form={form}
          submit="Approve"
          fields={orderedFields(schema).map(([name]) => `payload.${name}`)}
          beside={
            approval.may_reject && (
              <button
                type="button"
                className="button"
                onClick={({ currentTarget }) => {
                  // A second submit button would be the one that Enter presses.
                  if (!rejects.current) return
                  rejects.current.value = 'yes'
                  currentTarget.form?.requestSubmit()
                  rejects.current.value = ''
                }}
              >
                Reject
              </button>
            )
          }
        >
          <SchemaFields schema={schema} prefix="payload." values={approval.defaults} />
          <input ref={rejects} type="hidden" name="rejects" />
        </Form>
      )}
    </section>
  )
}
