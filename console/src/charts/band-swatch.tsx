import { useLayoutEffect, useRef } from 'react'
import { bandPattern } from './band-pattern.ts'
import { useInk } from './ink.ts'
import type { Band } from './sentences/flow.ts'

const ratio = 2

/** A piece of a band as the picture shows it. */
export function BandSwatch({ band }: { band: Band }) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const ink = useInk()
  useLayoutEffect(() => {
    const ctx = canvas.current?.getContext('2d')
    if (!ctx) return
    ctx.fillStyle = bandPattern(ink, band, ratio)
    ctx.fillRect(0, 0, 16 * ratio, 16 * ratio)
  }, [ink, band])
  return (
    <span className="swatch swatch-band" aria-hidden="true">
      <canvas ref={canvas} width={16 * ratio} height={16 * ratio} />
    </span>
  )
}
