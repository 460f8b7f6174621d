import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { request } from '../api/request.ts'
import type { FlowDescription } from '../api/types.ts'
import { Form } from '../form/form.tsx'
import { useForm } from '../form/use-form.ts'
import { navigate } from '../routing/location.ts'
import { paths } from '../routing/paths.ts'
import { Dialog } from '../ui/dialog.tsx'
import { ErrorState, Skeleton } from '../ui/states.tsx'
import { flowsQuery, nameOfFlow } from './flow-queries.ts'
import { orderedFields, readFields, type Schema, SchemaFields } from './schema-fields.tsx'

/** Starts one of the flows that people start; the form is made from what the flow asks for. */
export function RunFlowDialog({ onClose }: { onClose: () => void }) {
  const { data, error, refetch } = useQuery(flowsQuery)
  const [chosen, setChosen] = useState('')
  const flow = data?.find(({ path }) => path === chosen) ?? data?.[0]
  return (
    <Dialog title="Run a flow" onClose={onClose}>
      {!data && (error ? <ErrorState error={error} retry={refetch} /> : <Skeleton />)}
      {data?.length === 0 && (
        <p>Windmill has none of our flows yet; deploy them: npm run windmill:deploy.</p>
      )}
      {data && flow && (
        <>
          <div className="field">
            <label htmlFor="flow-choice">Flow</label>
            <select
              id="flow-choice"
              value={flow.path}
              onChange={(event) => setChosen(event.target.value)}
            >
              {data.map(({ path }) => (
                <option key={path} value={path}>
                  {nameOfFlow(path)}
                </option>
              ))}
            </select>
          </div>
          <FlowForm key={flow.path} flow={flow} onClose={onClose} />
        </>
      )}
    </Dialog>
  )
}

function FlowForm({ flow, onClose }: { flow: FlowDescription; onClose: () => void }) {
  const schema = flow.schema as Schema
  const form = useForm<{ job_id: string }>({
    send: (typed, idempotencyKey) =>
      request('POST', '/flow-runs', {
        body: { path: flow.path, args: readFields(schema, 'args.', typed) },
        idempotencyKey,
      }),
    onSent: ({ job_id }) => navigate(paths.flowRun(job_id)),
  })
  return (
    <Form
      form={form}
      submit="Run it"
      fields={orderedFields(schema).map(([name]) => `args.${name}`)}
      onCancel={onClose}
    >
      <p>{flow.summary}</p>
      <SchemaFields schema={schema} prefix="args." />
    </Form>
  )
}
