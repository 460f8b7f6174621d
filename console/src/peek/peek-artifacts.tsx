import { useQuery } from '@tanstack/react-query'
import { artifactsQuery } from '../api/queries.ts'
import type { Artifact } from '../api/types.ts'
import { ErrorState } from '../ui/states.tsx'

/** Only addresses that a browser opens safely become links. */
const safe = (uri: string | null): uri is string => uri !== null && /^https?:\/\//i.test(uri)

/** Of one text, in characters. */
const longest = 20_000

/** What the steps of a card have produced: texts to open in place, addresses to follow. */
export function PeekArtifacts({ taskId }: { taskId: number }) {
  const { data, error, refetch } = useQuery(artifactsQuery(taskId))
  if (!data) return error ? <ErrorState error={error} retry={refetch} /> : null
  if (data.length === 0) return null
  return (
    <section aria-labelledby="peek-artifacts">
      <h3 id="peek-artifacts">Produced</h3>
      <ul className="peek-artifacts">
        {data.map((artifact) => (
          <li key={artifact.id}>
            <Produced {...artifact} />
          </li>
        ))}
      </ul>
    </section>
  )
}

function Produced({ name, uri, content, attempt }: Artifact) {
  const link = safe(uri) && (
    <a href={uri} rel="noreferrer" target="_blank">
      {content === null ? name : 'Open'}
    </a>
  )
  const which = attempt > 1 && <span className="peek-fine">attempt {attempt}</span>
  if (content === null) {
    return (
      <p className="peek-artifact">
        {link || name}
        {which}
      </p>
    )
  }
  return (
    <details>
      <summary className="peek-artifact">
        {name}
        {which}
      </summary>
      {link}
      <pre className="peek-preview">
        {content.slice(0, longest)}
        {content.length > longest && '\n… (cut)'}
      </pre>
    </details>
  )
}
