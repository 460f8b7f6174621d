import type { ComponentType } from 'react'
import { ErrorState, Skeleton } from '../ui/states.tsx'
import { useCode } from '../ui/use-code.ts'

interface LazyPartProps<P> {
  /** What it shows: “log”. */
  name: string
  load: () => Promise<ComponentType<P>>
  props: P
}

/** A part of the peek that few open: its code is fetched when it is asked for. */
export function LazyPart<P extends object>({ name, load, props }: LazyPartProps<P>) {
  const { data, error, refetch } = useCode(name, load)
  if (data) return <data.Part {...props} />
  if (error) return <ErrorState error={error} retry={refetch} />
  return <Skeleton lines={4} label={`Loading the ${name}`} />
}
