import { useEffect, useRef } from 'react'
import { CopyButton } from './copy-button.tsx'
import './shown-once.css'

/** A secret that nobody can read again; it lives in this component alone. */
export function ShownOnce({ label, secret }: { label: string; secret: string }) {
  const field = useRef<HTMLInputElement>(null)
  useEffect(() => field.current?.select(), [])
  return (
    <div className="shown-once">
      <p>It is shown this once. Keep it where secrets are kept; nobody can read it again.</p>
      <div className="shown-once-line">
        <input
          ref={field}
          type="text"
          readOnly
          aria-label={label}
          value={secret}
          autoComplete="off"
          spellCheck={false}
          onFocus={(event) => event.target.select()}
        />
        <CopyButton text={() => secret} look="main" />
      </div>
    </div>
  )
}
