import { useQuery } from '@tanstack/react-query'
import { artifactsQuery } from '../api/queries.ts'
import { ErrorState } from '../ui/states.tsx'

/** Only addresses that a browser opens safely become links. */
const safe = (uri: string | null): uri is string => uri !== null && /^https?:\/\//i.test(uri)

export function PeekArtifacts({ taskId }: { taskId: number }) {
  const { data, error, refetch } = useQuery(artifactsQuery(taskId))
  if (!data) return error ? <ErrorState error={error} retry={refetch} /> : null
  if (data.length === 0) return null
  return (
    <section aria-labelledby="peek-artifacts">
      <h3 id="peek-artifacts">Produced</h3>
      <ul className="peek-links">
        {data.map(({ id, name, uri, attempt }) => (
          <li key={id}>
            {safe(uri) ? (
              <a href={uri} rel="noreferrer" target="_blank">
                {name}
              </a>
            ) : (
              <span>{name}</span>
            )}
            {attempt > 1 && <span className="peek-fine">attempt {attempt}</span>}
          </li>
        ))}
      </ul>
    </section>
  )
}
