import './share-bar.css'

/** How much of something is done, as a bar; its words stand beside it. From 0 to 1. */
export function ShareBar({ done }: { done: number }) {
  return (
    <svg className="share-bar" aria-hidden="true">
      <rect className="whole" width="100%" height="100%" rx="3" />
      <rect className="done" width={`${done * 100}%`} height="100%" rx="3" />
    </svg>
  )
}
