/** Three dorsal plates: file, run and board. */
export function Mark({ className }: { className?: string }) {
  return (
    <svg className={className} viewBox="0 0 32 32" width="24" height="24" aria-hidden="true">
      <path fill="currentColor" d="M2 27 6.5 17 11 27ZM8.5 27 15.5 5 21.5 27ZM20 27 25 13 30 27Z" />
    </svg>
  )
}
