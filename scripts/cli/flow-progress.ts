import type { Listener, Step } from './follow-job.ts'
import { printableLine } from './print.ts'

interface Terminal {
  isTTY?: boolean
  /** 0 where nobody gave a pseudo-terminal its size. */
  columns?: number
  write(text: string): unknown
}

const signs = { running: '…', waiting: '…', done: '✓', failed: '✗', skipped: '–' } as const
const width = 20

/**
 * Shows a flow's steps as they end, what they log, and on a terminal a bar below that keeps to its
 * line. Elsewhere, as in CI, each line is written once.
 */
export function flowProgress(out: Terminal, withLogs: boolean): Listener & { close(): void } {
  const began = Date.now()
  let ended = 0
  let all = 0
  let current: Step | undefined
  const clear = () => out.isTTY && out.write('\r\u001b[2K')
  const line = (text: string) => {
    clear()
    out.write(`${text}\n`)
    draw()
  }
  const draw = () => {
    if (!out.isTTY || all === 0) return
    const filled = Math.round((width * ended) / all)
    const bar = '█'.repeat(filled) + '░'.repeat(width - filled)
    const doing = current ? `  ${labelOf(current)}` : ''
    const text = `${bar} ${ended}/${all}  ${secondsSince(began)} s${doing}`
    clear()
    out.write(text.slice(0, (out.columns || 80) - 1))
  }
  const timer = out.isTTY ? setInterval(draw, 100) : undefined
  return {
    step(step) {
      if (step.state === 'running' || step.state === 'waiting') current = step
      else line(`${'  '.repeat(step.depth)}${signs[step.state]} ${labelOf(step)}${timeOf(step)}`)
    },
    log(step, text) {
      if (!withLogs) return
      const indent = `${'  '.repeat(step.depth)}  │ `
      for (const row of text.replace(/\n$/, '').split('\n')) line(indent + printableLine(row))
    },
    overall(now, total) {
      ended = now
      all = total
      draw()
    },
    close() {
      clearInterval(timer)
      clear()
    },
  }
}

const labelOf = ({ summary, part, percent }: Step) =>
  printableLine(summary + (part ? ` ${part}` : '') + (percent === undefined ? '' : ` ${percent} %`))
const timeOf = ({ seconds }: Step) => (seconds === undefined ? '' : `  (${seconds.toFixed(1)} s)`)
const secondsSince = (time: number) => ((Date.now() - time) / 1000).toFixed(1)
