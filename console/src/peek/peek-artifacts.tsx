import { useQuery } from '@tanstack/react-query'
import { artifactsQuery } from '../api/queries.ts'
import { Produced } from '../ui/produced.tsx'
import { ErrorState } from '../ui/states.tsx'

/** What the steps of a card have produced. */
export function PeekArtifacts({ taskId }: { taskId: number }) {
  const { data, error, refetch } = useQuery(artifactsQuery(taskId))
  if (!data) return error ? <ErrorState error={error} retry={refetch} /> : null
  if (data.length === 0) return null
  return (
    <section aria-labelledby="peek-artifacts">
      <h3 id="peek-artifacts">Produced</h3>
      <Produced artifacts={data} />
    </section>
  )
}
