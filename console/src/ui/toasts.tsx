import { useEffect } from 'react'
import { CloseIcon } from './close-icon.tsx'
import { createStore, useStore } from './store.ts'
import './toasts.css'

export interface Toast {
  tone: 'info' | 'warn' | 'bad'
  title: string
  detail?: string
  /** The rule that refused, as the API names it. */
  rule?: string
  /** More of it, a line each, such as what was refused for which card. */
  lines?: readonly string[]
  /** What can be done about it; each closes the message. */
  actions?: readonly { label: string; run: () => void }[]
  /** Takes the place of the message with the same key. */
  key?: string
  /** Waits for one of its actions: it neither goes by itself nor gives way to others. */
  waits?: boolean
  /** Said otherwise to those who hear the page. */
  silent?: boolean
}

type Shown = Toast & { id: number }

const shown = createStore<readonly Shown[]>([])
let lastId = 0
const most = 4

export function toast(message: Toast): void {
  lastId += 1
  const others = shown.get().filter(({ key }) => key === undefined || key !== message.key)
  const passing = others.filter(({ waits }) => !waits)
  const gone = new Set(passing.slice(0, Math.max(0, passing.length + 1 - most)))
  shown.set([...others.filter((it) => !gone.has(it)), { ...message, id: lastId }])
}

const keepOnly = (stays: (it: Shown) => boolean) => shown.set(shown.get().filter(stays))
const dismiss = (id: number) => keepOnly((it) => it.id !== id)
export const dismissToast = (key: string) => keepOnly((it) => it.key !== key)

/** Refusals stay until they are dismissed; what merely informs goes by itself. */
function ToastView({ message }: { message: Shown }) {
  const { id, tone, title, detail, rule, lines, actions, waits, silent } = message
  useEffect(() => {
    if (tone === 'bad' || waits) return
    const timer = setTimeout(dismiss, 8000, id)
    return () => clearTimeout(timer)
  }, [id, tone, waits])
  return (
    <div
      className={`toast toast-${tone}`}
      role={silent ? undefined : tone === 'bad' ? 'alert' : 'status'}
    >
      <div>
        <p className="toast-title">{title}</p>
        {detail && <p>{detail}</p>}
        {lines && (
          <ul className="toast-lines">
            {lines.map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
        )}
        {rule && (
          <p className="toast-rule">
            Rule <code>{rule}</code>
          </p>
        )}
        {actions && (
          <div className="toast-actions">
            {actions.map(({ label, run }) => (
              <button
                key={label}
                type="button"
                className="button button-small"
                onClick={() => {
                  dismiss(id)
                  run()
                }}
              >
                {label}
              </button>
            ))}
          </div>
        )}
      </div>
      {!waits && (
        <button type="button" className="button button-quiet" onClick={() => dismiss(id)}>
          <span className="hidden">Dismiss</span>
          <CloseIcon />
        </button>
      )}
    </div>
  )
}

export function Toasts() {
  const messages = useStore(shown)
  return (
    <section className="toasts" aria-label="Messages">
      {messages.map((message) => (
        <ToastView key={message.id} message={message} />
      ))}
    </section>
  )
}
