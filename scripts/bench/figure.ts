/** One measured thing, as it is printed: a JSON line. */
export interface Figure {
  name: string
  value: number
  unit: 'ms' | 'bytes' | 'rows' | 'per_second'
  /** The least that could be done, measured in the same run; null where nothing compares. */
  baseline: number | null
  /** `value / baseline`. */
  ratio: number | null
  /** What is allowed; null for a figure that only informs. */
  bound: Bound | null
  ok: boolean | null
  [detail: string]: unknown
}

/** At most this ratio, or this value in the figure's unit; or at least that, where more is better. */
export type Bound =
  | { ratio: number }
  | { value: number }
  | { least_ratio: number }
  | { least_value: number }

export interface Measured {
  name: string
  value: number
  unit?: Figure['unit']
  baseline?: number
  bound?: Bound
  /** Whatever else a reader needs to judge the value: rounds, percentiles, sizes. */
  detail?: Record<string, unknown>
}

export function figure({ name, value, unit = 'ms', baseline, bound, detail }: Measured): Figure {
  const ratio = baseline === undefined ? null : value / baseline
  return {
    name,
    value: rounded(value),
    unit,
    baseline: baseline === undefined ? null : rounded(baseline),
    ratio: ratio === null ? null : rounded(ratio),
    bound: bound ?? null,
    ok: bound ? within(bound, value, ratio) : null,
    ...detail,
  }
}

function within(bound: Bound, value: number, ratio: number | null): boolean {
  if ('value' in bound) return value <= bound.value
  if ('least_value' in bound) return value >= bound.least_value
  if (ratio === null) return false
  return 'ratio' in bound ? ratio <= bound.ratio : ratio >= bound.least_ratio
}

export const rounded = (value: number): number => Number(value.toPrecision(4))
