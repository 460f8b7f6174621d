import { useSyncExternalStore } from 'react'

/** The colours of styles/tokens.css that charts are drawn with. */
const tokens = [
  'ink',
  'ink-soft',
  'ink-faint',
  'line',
  'line-strong',
  'surface',
  'sunken',
  'todo',
  'progress',
  'review',
  'testing',
  'blocked',
  'done',
] as const
export type Token = (typeof tokens)[number]

/** What a canvas can be drawn with: it knows no variables and no light-dark(). */
export interface Ink {
  colours: Record<Token, string>
  font: string
}

function read(): Ink {
  const probe = document.body.appendChild(document.createElement('span'))
  const style = getComputedStyle(probe)
  const colours = Object.fromEntries(
    tokens.map((token) => {
      probe.style.color = `var(--${token})`
      return [token, style.color]
    }),
  ) as Ink['colours']
  const font = style.fontFamily
  probe.remove()
  return { colours, font }
}

let known: Ink | null = null

function subscribe(changed: () => void): () => void {
  const again = () => {
    known = null
    changed()
  }
  const themes = new MutationObserver(again)
  themes.observe(document.documentElement, { attributeFilter: ['data-theme'] })
  const media = ['(prefers-color-scheme: dark)', 'print'].map((it) => window.matchMedia(it))
  for (const query of media) query.addEventListener('change', again)
  return () => {
    themes.disconnect()
    for (const query of media) query.removeEventListener('change', again)
    known = null
  }
}

function snapshot(): Ink {
  known ??= read()
  return known
}

/** The colours as they are now; told anew when the theme changes, and for print, which is light. */
export const useInk = (): Ink => useSyncExternalStore(subscribe, snapshot)
