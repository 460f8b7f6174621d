import type { ReplayConflict, ReplayedWork } from '../api/types.ts'
import { shortened } from '../format/shortened.ts'
import { count, listed } from '../format/words.ts'
import { fieldName, isAside, valueText } from '../history/words.ts'
import '../ui/rows.css'

const unnamed = { sprint: () => undefined, task: () => undefined, timeZone: undefined }
/** Of a value, in characters: enough to know it again. */
const mostOfValue = 200
const textOf = (field: string, value: ReplayConflict['base']) =>
  shortened(valueText(field, value, unnamed), mostOfValue) || 'nothing'

/** Which fields were set by hand is told where nothing else is to tell. */
function told(fields: readonly string[]): readonly string[] {
  const mattering = fields.filter((it) => !isAside(it))
  return mattering.length > 0 ? mattering : fields
}

/** What a replay would change, what stands in its way, and what it finds no task for. */
export function ReplayPreview({ report }: { report: ReplayedWork }) {
  const { changed, conflicts, unmatched } = report
  return (
    <div className="replay" role="status">
      {changed.length === 0 && conflicts.length === 0 && (
        <p>Nothing would change: everything is as the session left it.</p>
      )}
      {changed.length > 0 && (
        <section aria-label="Would change">
          <h3>{count(changed.length, 'change')}</h3>
          <ul className="rows">
            {changed.map(({ entity_type, entity_id, code, fields }) => (
              <li key={`${entity_type} ${entity_id}`}>
                <span className="id">{code}</span>
                <span className="rows-main">{listed(told(fields).map(fieldName))}</span>
              </li>
            ))}
          </ul>
        </section>
      )}
      {conflicts.length > 0 && (
        <section aria-label="Stands in the way">
          <h3>{count(conflicts.length, 'conflict')}</h3>
          <ul className="rows">
            {conflicts.map((it) => (
              <li key={`${it.entity_type} ${it.entity_id} ${it.field}`}>
                <span className="id">{it.code}</span>
                <Conflict conflict={it} />
              </li>
            ))}
          </ul>
        </section>
      )}
      {unmatched.length > 0 && (
        <p>
          No match, or several, for {listed(unmatched.map(({ code }) => code))}: left as they are.
        </p>
      )}
    </div>
  )
}

function Conflict({
  conflict: { field, base, present, replayed, reason },
}: {
  conflict: ReplayConflict
}) {
  if (field === null) return <span className="rows-main">{reason}</span>
  return (
    <span className="rows-main">
      {fieldName(field)}: {reason}. The session made it <b>{textOf(field, replayed)}</b>, from{' '}
      {textOf(field, base)}; now it is <b>{textOf(field, present)}</b>.
    </span>
  )
}
