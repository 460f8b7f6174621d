import { useState } from 'react'
import { request } from '../api/request.ts'
import type { Project, ProtocolRun } from '../api/types.ts'
import { Field, Form } from '../form/form.tsx'
import { useForm } from '../form/use-form.ts'
import { Dialog } from '../ui/dialog.tsx'
import { type Plan, planFromRows, planFromText } from './plan-text.ts'
import { StepRows } from './step-rows.tsx'
import './new-run.css'

interface NewRunProps {
  project: Project
  onClose: () => void
  onMade: (run: ProtocolRun) => void
}

/** A run with its plan: typed step by step, or pasted. */
export function NewRunDialog({ project, onClose, onMade }: NewRunProps) {
  const [pasted, setPasted] = useState(false)
  const [rows, setRows] = useState([0])
  const form = useForm<ProtocolRun>({
    async send(typed, idempotencyKey) {
      const plan = pasted
        ? await planFromText(text(typed, 'plan'))
        : planFromRows(rows.map((id) => typedStep(typed, id)))
      const name = text(typed, 'protocol_name').trim()
      const body = { ...plan, project_id: project.id, protocol_name: name || nameIn(plan) }
      return request('POST', '/protocols', { body, idempotencyKey })
    },
    onSent: onMade,
  })
  return (
    <Dialog title="Create a protocol run" onClose={onClose} wide>
      <Form
        form={form}
        submit="Create the run"
        fields={pasted ? ['protocol_name', 'plan'] : ['protocol_name', 'steps']}
        onCancel={onClose}
      >
        <Field
          name="protocol_name"
          label="Name"
          hint="Its sprint is named after it, where the project has runs make their sprints."
        >
          {(control) => <input type="text" {...control} autoComplete="off" />}
        </Field>
        <fieldset className="new-run-ways">
          <legend className="hidden">How to give the steps</legend>
          <button type="button" aria-pressed={!pasted} onClick={() => setPasted(false)}>
            Type the steps
          </button>
          <button type="button" aria-pressed={pasted} onClick={() => setPasted(true)}>
            Paste JSON or YAML
          </button>
        </fieldset>
        <div hidden={!pasted}>
          <Field
            name="plan"
            label="Steps as JSON or YAML"
            hint={
              <>
                Such as <code>- step_name: Build</code> with <code>story_points</code>,{' '}
                <code>step_type</code>, <code>depends_on</code>, <code>qa_required</code>.
              </>
            }
          >
            {(control) => <textarea {...control} rows={10} spellCheck={false} className="id" />}
          </Field>
        </div>
        <div hidden={pasted}>
          <StepRows rows={rows} onChange={setRows} form={form} />
        </div>
      </Form>
    </Dialog>
  )
}

const text = (typed: FormData, name: string) => String(typed.get(name) ?? '')
const nameIn = ({ protocol_name }: Plan) => protocol_name ?? ''

const typedStep = (typed: FormData, id: number) => ({
  name: text(typed, `name-${id}`).trim(),
  type: text(typed, `type-${id}`),
  points: text(typed, `points-${id}`),
  after: text(typed, `after-${id}`),
  qa: typed.has(`qa-${id}`),
})
