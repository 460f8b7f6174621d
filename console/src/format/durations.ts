/** How long something took or has been at it, the two largest units: “3 min 5 s”. */
export function duration(ms: number): string {
  const seconds = Math.max(0, ms) / 1000
  if (seconds < 10) return `${seconds.toFixed(1)} s`
  const whole = Math.round(seconds)
  if (whole < 60) return `${whole} s`
  const minutes = Math.floor(whole / 60)
  if (minutes < 60) return `${minutes} min ${whole % 60} s`
  const hours = Math.floor(minutes / 60)
  if (hours < 24) return `${hours} h ${minutes % 60} min`
  return `${Math.floor(hours / 24)} d ${hours % 24} h`
}

/** From a beginning to an end, or to `now` while there is none; null before it began. */
export function spent(start: string | null, end: string | null, now: number): string | null {
  if (start === null) return null
  return duration((end === null ? now : Date.parse(end)) - Date.parse(start))
}
