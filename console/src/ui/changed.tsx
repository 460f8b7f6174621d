import { spoken } from '../format/words.ts'
import { difference } from './difference.ts'
import './changed.css'

/** What became of a text, word by word, for eyes and for ears. */
export function Changed({ from, to }: { from: string; to: string }) {
  const parts = difference(from, to)
  if (parts.every(({ kind }) => kind === 'same')) return to === '' ? <Nothing /> : to
  const places = parts.map((part, place) => ({ ...part, key: `${place} ${part.kind}` }))
  return (
    <>
      {places.map(({ key, kind, text }) => {
        if (kind === 'same') return text
        const Mark = kind === 'added' ? 'ins' : 'del'
        return (
          <Mark key={key} className="changed">
            <span className="hidden"> ({spoken(kind)}: </span>
            {text}
            <span className="hidden">) </span>
          </Mark>
        )
      })}
      {to === '' && <Nothing now />}
    </>
  )
}

export const Nothing = ({ now = false }: { now?: boolean }) => (
  <span className="nothing">{now ? ' Nothing now' : 'Nothing'}</span>
)
