import { useState } from 'react'

/** More entries of one list are counted, not drawn. */
const most = 100
/** Of one value, in characters. */
const longest = 20_000

/** A JSON value to open part by part; what is shut is not drawn. */
export function JsonTree({
  value,
  name,
  open = 2,
}: {
  value: unknown
  name?: string
  open?: number
}) {
  const [isOpen, setOpen] = useState(open > 0)
  const label = name === undefined ? null : <span className="json-name">{name}: </span>
  if (typeof value !== 'object' || value === null) {
    return (
      <div className="json-leaf">
        {label}
        <code>{cut(JSON.stringify(value) ?? 'null')}</code>
      </div>
    )
  }
  const entries = Object.entries(value)
  const size = Array.isArray(value) ? `[${entries.length}]` : `{${entries.length}}`
  if (entries.length === 0) {
    return (
      <div className="json-leaf">
        {label}
        <code>{Array.isArray(value) ? '[]' : '{}'}</code>
      </div>
    )
  }
  return (
    <details
      className="json"
      open={isOpen}
      onToggle={({ currentTarget }) => setOpen(currentTarget.open)}
    >
      <summary>
        {label}
        <code>{size}</code>
      </summary>
      {isOpen &&
        entries
          .slice(0, most)
          .map(([key, inner]) => <JsonTree key={key} name={key} value={inner} open={open - 1} />)}
      {isOpen && entries.length > most && (
        <p className="records-fine">… {entries.length - most} more</p>
      )}
    </details>
  )
}

const cut = (text: string) => (text.length > longest ? `${text.slice(0, longest)} … (cut)` : text)
