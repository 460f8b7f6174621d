import { isMac } from '../actions/keys.ts'

const onMac: Record<string, string> = { Mod: '⌘', Shift: '⇧', Alt: '⌥' }
const names: Record<string, string> = {
  Mod: 'Ctrl',
  ArrowUp: '↑',
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
  Escape: 'Esc',
}

const named = (key: string) => (isMac ? onMac[key] : undefined) ?? names[key] ?? key

/** Keys as they are pressed: `Mod+K`, or one after the other as `G B`. */
export function Keys({ keys }: { keys: string }) {
  const strokes = keys.split(' ').map((stroke) => ({
    stroke,
    caps: stroke === '+' ? ['+'] : stroke.split('+').map(named),
  }))
  return (
    <span className="keys">
      {strokes.map(({ stroke, caps }) => (
        <span key={stroke}>
          {caps.map((cap) => (
            <kbd key={cap}>{cap}</kbd>
          ))}
        </span>
      ))}
    </span>
  )
}
