/** More entries of one list are counted, not drawn. */
const most = 100

/** A JSON value to open part by part. */
export function JsonTree({
  value,
  name,
  open = 2,
}: {
  value: unknown
  name?: string
  open?: number
}) {
  const label = name === undefined ? null : <span className="json-name">{name}: </span>
  if (typeof value !== 'object' || value === null) {
    return (
      <div className="json-leaf">
        {label}
        <code>{JSON.stringify(value) ?? 'null'}</code>
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
    <details className="json" open={open > 0}>
      <summary>
        {label}
        <code>{size}</code>
      </summary>
      {entries.slice(0, most).map(([key, inner]) => (
        <JsonTree key={key} name={key} value={inner} open={open - 1} />
      ))}
      {entries.length > most && <p className="records-fine">… {entries.length - most} more</p>}
    </details>
  )
}
