export interface ChecklistItem {
  text: string
  done: boolean
}

/** Acceptance criteria as a checklist; a `[x]` in front ticks one. */
export function checklistOf(criteria: readonly string[]): ChecklistItem[] {
  return criteria.map((criterion) => {
    const box = /^\s*(?:[-*]\s+)?\[([ xX~-])\]\s*/.exec(criterion)
    if (box === null) return { text: criterion, done: false }
    return { text: criterion.slice(box[0].length), done: box[1]?.toLowerCase() === 'x' }
  })
}
