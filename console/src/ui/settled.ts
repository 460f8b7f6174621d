import { useEffect, useState } from 'react'

/** Typing is quick; asking for every letter is not needed. */
export function useSettled(typed: string, ms = 120): string {
  const [settled, setSettled] = useState(typed)
  useEffect(() => {
    const timer = setTimeout(setSettled, ms, typed)
    return () => clearTimeout(timer)
  }, [typed, ms])
  return settled
}
