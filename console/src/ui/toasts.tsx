import { useEffect, useSyncExternalStore } from 'react'
import './toasts.css'

export interface Toast {
  tone: 'info' | 'warn' | 'bad'
  title: string
  detail?: string
  /** The rule that refused, as the API names it. */
  rule?: string
}

type Shown = Toast & { id: number }

let shown: readonly Shown[] = []
let lastId = 0
const most = 4
const listeners = new Set<() => void>()

function set(next: readonly Shown[]): void {
  shown = next
  for (const changed of listeners) changed()
}

export function toast(message: Toast): void {
  lastId += 1
  set([...shown.slice(1 - most), { ...message, id: lastId }])
}

const dismiss = (id: number) => set(shown.filter((it) => it.id !== id))

const subscribe = (changed: () => void) => {
  listeners.add(changed)
  return () => listeners.delete(changed)
}

/** Refusals stay until they are dismissed; what merely informs goes by itself. */
function ToastView({ message }: { message: Shown }) {
  const { id, tone, title, detail, rule } = message
  useEffect(() => {
    if (tone === 'bad') return
    const timer = setTimeout(dismiss, 8000, id)
    return () => clearTimeout(timer)
  }, [id, tone])
  return (
    <div className={`toast toast-${tone}`} role={tone === 'bad' ? 'alert' : 'status'}>
      <div>
        <p className="toast-title">{title}</p>
        {detail && <p>{detail}</p>}
        {rule && (
          <p className="toast-rule">
            Rule <code>{rule}</code>
          </p>
        )}
      </div>
      <button type="button" className="button button-quiet" onClick={() => dismiss(id)}>
        <span className="hidden">Dismiss</span>
        <svg viewBox="0 0 16 16" width="14" height="14" aria-hidden="true">
          <path d="M4 4l8 8M12 4l-8 8" stroke="currentColor" strokeWidth="1.6" />
        </svg>
      </button>
    </div>
  )
}

export function Toasts() {
  const messages = useSyncExternalStore(subscribe, () => shown)
  return (
    <section className="toasts" aria-label="Messages">
      {messages.map((message) => (
        <ToastView key={message.id} message={message} />
      ))}
    </section>
  )
}
