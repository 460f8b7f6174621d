import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { request } from '../api/request.ts'
import type { ApiToken } from '../api/types.ts'
import { Field, Form } from '../form/form.tsx'
import { useForm } from '../form/use-form.ts'
import { Dialog } from '../ui/dialog.tsx'
import { ShownOnce } from '../ui/shown-once.tsx'
import { roleScopes } from './role-scopes.ts'
import { tokensQuery } from './tokens.ts'

type Made = ApiToken & { secret: string | null }

const fields = ['name', 'role', 'expires_at', 'service']

export function NewToken({ onClose }: { onClose: () => void }) {
  const [made, setMade] = useState<Made | null>(null)
  return (
    <Dialog title={made ? `Token “${made.name}”` : 'Create a token'} onClose={onClose}>
      {made ? (
        <Secret made={made} onClose={onClose} />
      ) : (
        <Make onMade={setMade} onClose={onClose} />
      )}
    </Dialog>
  )
}

function Make({ onMade, onClose }: { onMade: (made: Made) => void; onClose: () => void }) {
  const client = useQueryClient()
  const form = useForm({
    send: (typed, idempotencyKey) =>
      request<Made>('POST', '/tokens', { body: bodyOf(typed), idempotencyKey }),
    onSent: (made) => {
      void client.invalidateQueries({ queryKey: tokensQuery.queryKey })
      onMade(made)
    },
  })
  return (
    <Form form={form} submit="Create" fields={fields} onCancel={onClose}>
      <Field name="name" label="Name" hint="Who or what will use it.">
        {(control) => <input type="text" autoComplete="off" {...control} />}
      </Field>
      <Field name="role" label="Role" hint="What it may do stands in the table of roles.">
        {(control) => (
          <select defaultValue="member" {...control}>
            {Object.keys(roleScopes).map((role) => (
              <option key={role}>{role}</option>
            ))}
          </select>
        )}
      </Field>
      <Field
        name="expires_at"
        label="Last day"
        hint="It works until this day ends; empty: until revoked."
      >
        {(control) => <input type="date" {...control} />}
      </Field>
      <Field
        name="service"
        label="Service"
        hint="A service, such as the flows, may say on whose behalf it acts."
      >
        {(control) => <input type="checkbox" {...control} />}
      </Field>
    </Form>
  )
}

function bodyOf(typed: FormData) {
  const day = String(typed.get('expires_at'))
  return {
    name: String(typed.get('name')).trim(),
    role: typed.get('role'),
    service: typed.get('service') !== null,
    expires_at: day === '' ? null : endOf(day),
  }
}

/** Of that day, where the person is; the API says what is wrong with one of the year 12345. */
function endOf(day: string): string {
  const end = new Date(`${day}T23:59:59.999`)
  return Number.isNaN(end.getTime()) ? day : end.toISOString()
}

function Secret({ made, onClose }: { made: Made; onClose: () => void }) {
  if (made.secret === null) {
    return (
      <p className="notice notice-bad" role="alert">
        The token was made, but the answer with its secret was lost on its way. Revoke it and create
        another.
      </p>
    )
  }
  return (
    <>
      <ShownOnce label={`Secret of ${made.name}`} secret={made.secret} />
      <div className="form-end">
        <button type="button" className="button" onClick={onClose}>
          I have kept it
        </button>
      </div>
    </>
  )
}
