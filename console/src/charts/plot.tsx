import { useEffect, useLayoutEffect, useRef } from 'react'
import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import { useInk } from './ink.ts'
import { placeCursor, tellCursor } from './plot-cursor.ts'
import { followHand } from './plot-hand.ts'
import { height, optionsOf } from './plot-options.ts'
import type { PlotProps } from './plot-props.ts'
import './plot.css'

/**
 * One picture: uPlot gives it scales, axes and lines on a canvas; colours, cursor and words are
 * ours. The canvas is an image with a text, its plotting area a slider over the stops.
 */
export function Plot(props: PlotProps) {
  const host = useRef<HTMLDivElement>(null)
  const plot = useRef<uPlot | null>(null)
  const ink = useInk()
  const latest = useRef({ ...props, ink })
  useLayoutEffect(() => {
    latest.current = { ...props, ink }
  })

  useLayoutEffect(() => {
    const place = host.current
    if (place === null) return
    const it = new uPlot(optionsOf(latest, place.clientWidth), latest.current.data, place)
    plot.current = it
    const hand = followHand(it, latest)
    const resized = new ResizeObserver(([entry]) => {
      const width = Math.floor(entry?.contentRect.width ?? 0)
      if (width > 0 && width !== it.width) it.setSize({ width, height })
    })
    resized.observe(place)
    return () => {
      resized.disconnect()
      hand.abort()
      it.destroy()
      plot.current = null
    }
  }, [])

  const { data, title, sentence, cursor, stops } = props
  useLayoutEffect(() => {
    plot.current?.setData(data)
  }, [data])
  useLayoutEffect(() => {
    latest.current = { ...latest.current, ink }
    plot.current?.redraw(true, true)
  }, [ink])

  useLayoutEffect(() => {
    const canvas = plot.current?.ctx.canvas
    canvas?.setAttribute('role', 'img')
    canvas?.setAttribute('aria-label', sentence)
  }, [sentence])
  useEffect(() => {
    if (plot.current === null) return
    tellCursor(plot.current, { title, stops, cursor })
    placeCursor(plot.current, { title, stops, cursor })
  }, [title, stops, cursor])

  return (
    <div className="plot">
      <p className="plot-unit" aria-hidden="true">
        {props.y.unit}
      </p>
      <div ref={host} className="plot-host" />
    </div>
  )
}
