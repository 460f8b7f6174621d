import type uPlot from 'uplot'
import type { Ink, Token } from './ink.ts'
import type { Drawing } from './pen.ts'

/** How one series is drawn. */
export interface Look {
  colour: Token
  width?: number
  dash?: readonly number[]
  paths?: uPlot.Series.PathBuilder
  fill?: (ink: Ink) => CanvasRenderingContext2D['fillStyle']
}

/** Where the cursor can stand, from left to right. */
export interface Stops {
  x: readonly number[]
  /** The values to mark at a stop. */
  marks: (index: number) => readonly (number | null)[]
  /** What is read out at a stop. */
  text: (index: number) => string
  /** Single dots: the pointer takes the nearest one, not the one above or below it. */
  dots?: boolean
}

export interface PlotProps {
  title: string
  /** What the picture shows, for who does not see it. */
  sentence: string
  /** x, then one list for each look. */
  data: uPlot.AlignedData
  /** The same at every rendering. */
  looks: readonly Look[]
  x: {
    span: readonly [min: number, max: number]
    /** The zone whose days the axis shows; without one x is no time. */
    timeZone?: string
    ticks?: (span: readonly [number, number]) => number[]
    tick: (value: number, apart: number) => string
  }
  y: { unit: string; atLeast?: number; tick?: (value: number) => string }
  stops: Stops
  cursor: number | null
  onCursor: (index: number | null) => void
  onPick?: (index: number) => void
  /** Drawn below the series, and above them. */
  under?: Drawing
  over?: Drawing
}

/** What was rendered last, for callbacks that outlive a rendering. */
export type Latest = { readonly current: PlotProps & { ink: Ink } }
