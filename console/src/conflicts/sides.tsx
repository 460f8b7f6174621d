import type { BoardStatus, Conflict, StepStatus } from '../api/types.ts'
import { columnNames } from '../scrum/columns.ts'
import { Changed, Nothing } from '../ui/changed.tsx'
import { StatusWord } from '../ui/status-word.tsx'

type Value = Conflict['board_value']

/** What stands against the board. */
export const otherName = ({ source }: Pick<Conflict, 'source'>) =>
  source === 'protocol' ? 'step' : 'file'

/** Both sides beside what was there before them, with what each changed. */
export function Sides({ conflict }: { conflict: Conflict }) {
  const { field, source, base_value, board_value, other_value } = conflict
  const status = field === 'board_status'
  return (
    <dl className="conflict-sides">
      <div>
        <dt>Before</dt>
        <dd>{status ? <Column status={base_value} /> : <Whole value={base_value} />}</dd>
      </div>
      <div>
        <dt>On the board</dt>
        <dd>
          {status ? (
            <Column status={board_value} />
          ) : (
            <Changed from={textOf(base_value)} to={textOf(board_value)} />
          )}
        </dd>
      </div>
      <div>
        <dt>In the {otherName(conflict)}</dt>
        <dd>
          {status && source === 'protocol' && <StatusWord status={other_value as StepStatus} />}
          {status && source !== 'protocol' && <Column status={other_value} />}
          {!status && <Changed from={textOf(base_value)} to={textOf(other_value)} />}
        </dd>
      </div>
    </dl>
  )
}

function Column({ status }: { status: Value }) {
  if (status === null) return <Unknown />
  const name = columnNames[status as BoardStatus]
  return name ? <StatusWord status={status as BoardStatus} word={name} /> : <Whole value={status} />
}

const Unknown = () => <span className="nothing">Not known</span>

/** A value as people write it. */
function textOf(value: Value): string {
  if (value === null) return ''
  if (Array.isArray(value)) return value.map((it) => textOf(it)).join('\n')
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

function Whole({ value }: { value: Value }) {
  const text = textOf(value)
  return text === '' ? <Nothing /> : text
}
