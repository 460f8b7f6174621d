import { type RefObject, useEffect, useState } from 'react'

/** How far a page may be scrolled and still show its beginning (px). */
const beginning = 120

/** Whether somebody reads further down, or has the focus within: nothing may move there then. */
export function useReading(within: RefObject<HTMLElement | null>): boolean {
  const [reading, setReading] = useState(false)
  useEffect(() => {
    const look = () => {
      const focused = within.current?.querySelector('.events :focus') ?? null
      setReading(window.scrollY > beginning || focused !== null)
    }
    const later = () => requestAnimationFrame(look)
    window.addEventListener('scroll', look, { passive: true })
    document.addEventListener('focusin', later)
    document.addEventListener('focusout', later)
    look()
    return () => {
      window.removeEventListener('scroll', look)
      document.removeEventListener('focusin', later)
      document.removeEventListener('focusout', later)
    }
  }, [within])
  return reading
}
