export interface Tags {
  parallel: boolean
  labels: string[]
  assignee: string | null
  points: number | null
}

const ASSIGNEE = /^@[\p{L}\p{N}_.-]{1,64}$/u
const POINTS = /^(\d{1,4}) ?(?:pts?|points?|sp)$/iu
/** "[depends on T001]" is a dependency, not a label. */
const DEPENDENCY = /^(?:depends?|deps?|depends on|after|blocked by|requires)\b.*\bT-?\d/iu

/** Sorts bracket tags into flags, people, points and labels. "[P, US1]" is two tags; "[US1/US2]" is one. */
export function readTags(contents: readonly string[]): Tags {
  const tags: Tags = { parallel: false, labels: [], assignee: null, points: null }
  const pieces = contents.flatMap((content) =>
    content.includes(',') && content.split(',').every((piece) => piece.trim().length <= 20)
      ? content.split(',')
      : [content],
  )
  for (const piece of pieces) {
    const tag = piece.trim()
    const points = POINTS.exec(tag)?.[1]
    if (tag === '' || tag === 'P?' || DEPENDENCY.test(tag)) continue
    if (/^(?:p|parallel)$/iu.test(tag)) tags.parallel = true
    else if (ASSIGNEE.test(tag)) tags.assignee ??= tag.slice(1)
    else if (points !== undefined) tags.points ??= Number(points)
    else if (!tags.labels.includes(tag)) tags.labels.push(tag)
  }
  return tags
}
