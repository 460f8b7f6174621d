import type { Priority } from '../api/types.ts'

const plates: Record<Priority, number> = { low: 1, medium: 2, high: 3, critical: 4 }
const shapes = [
  'M0 12 2 8 4 12Z',
  'M4 12 6.2 5.5 8.4 12Z',
  'M8.4 12 10.8 3 13.2 12Z',
  'M13.2 12 15.8 0 18.4 12Z',
]

/** Priority as plates: the more, the sooner. */
export function PriorityMark({ priority }: { priority: Priority }) {
  return (
    <span className={`priority priority-${priority}`} title={`Priority: ${priority}`}>
      <svg
        viewBox="0 0 18.4 12"
        width="18"
        height="12"
        role="img"
        aria-label={`${priority} priority`}
      >
        {shapes.map((shape, index) => (
          <path key={shape} d={shape} className={index < plates[priority] ? 'on' : 'off'} />
        ))}
      </svg>
    </span>
  )
}
