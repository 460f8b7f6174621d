import { useEffect, useEffectEvent, useRef } from 'react'
import { type Rested, restBetween } from './rest-between.ts'

/** Asks for `work`, which is done at once and then left alone for `ms`, however often it is asked for. */
export function useRested(work: () => Promise<unknown>, ms: number): () => void {
  const rested = useRef<Rested>(null)
  const does = useEffectEvent(work)
  useEffect(() => {
    const its = restBetween(() => does(), ms)
    rested.current = its
    return its.stop
  }, [ms])
  return () => rested.current?.ask()
}
