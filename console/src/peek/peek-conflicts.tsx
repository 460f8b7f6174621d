import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { openConflictsQuery } from '../api/queries.ts'
import { request } from '../api/request.ts'
import type { Conflict, Task } from '../api/types.ts'
import { capital } from '../format/words.ts'
import { fieldName, fieldValue } from '../scrum/task-fields.ts'
import { useMay } from '../session/session.ts'
import { announce } from '../ui/announcer.tsx'
import { explain } from './explain.ts'

/** Where board and file, or board and step, disagree about a card. */
export function PeekConflicts({ task }: { task: Task }) {
  const { data } = useQuery(openConflictsQuery({ task_id: task.id }))
  if (!data || data.length === 0) return null
  return (
    <section aria-labelledby="peek-conflicts">
      <h3 id="peek-conflicts">Conflicts</h3>
      {data.map((conflict) => (
        <OneConflict key={conflict.id} conflict={conflict} />
      ))}
    </section>
  )
}

function OneConflict({ conflict }: { conflict: Conflict }) {
  const client = useQueryClient()
  const [wrong, setWrong] = useState('')
  const [isSending, setSending] = useState(false)
  const mayPlan = useMay('plan')
  const isAdmin = useMay('admin')
  const isOfStep = conflict.source === 'protocol'
  const other = isOfStep ? 'step' : 'file'
  const resolve = async (side: 'board' | 'other') => {
    setSending(true)
    try {
      await request('POST', `/conflicts/${conflict.id}/actions/resolve`, { body: { side } })
      announce('The conflict is resolved.')
      await client.invalidateQueries({ queryKey: ['conflicts'] })
    } catch (error) {
      setWrong(explain(error))
    } finally {
      setSending(false)
    }
  }
  return (
    <div className="peek-overtaken">
      <p>
        {capital(fieldName(conflict.field))}: the board says{' '}
        <strong>{fieldValue(conflict.field, conflict.board_value)}</strong>, the {other}{' '}
        <strong>{fieldValue(conflict.field, conflict.other_value)}</strong>.
      </p>
      {mayPlan && (isAdmin || !isOfStep) && (
        <p>
          <button
            type="button"
            className="button button-small"
            disabled={isSending}
            onClick={() => void resolve('board')}
          >
            Keep the board’s
          </button>{' '}
          <button
            type="button"
            className="button button-small"
            disabled={isSending}
            onClick={() => void resolve('other')}
          >
            Take the {other}’s
          </button>
        </p>
      )}
      <p className="field-error" role="alert">
        {wrong}
      </p>
    </div>
  )
}
