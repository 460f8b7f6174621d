export type FieldMerge = 'same' | 'file' | 'conflict'

function isEqual(a: unknown, b: unknown): boolean {
  if (!Array.isArray(a) || !Array.isArray(b)) return a === b
  if (a.length !== b.length) return false
  const left = [...a].sort()
  const right = [...b].sort()
  return left.every((value, index) => value === right[index])
}

/**
 * Three ways: changed in the file alone → file, on the board alone or nowhere → same, in both alike
 * → same, in both differently → conflict. Without a base a difference is a conflict, since nobody
 * can tell who changed it. A value `held` by hand counts as changed on the board, even where it is
 * that of the base. The order of a list does not count.
 */
export function mergeField(
  file: unknown,
  board: unknown,
  base: { value: unknown } | null,
  held = false,
): FieldMerge {
  if (isEqual(file, board)) return 'same'
  if (base === null) return 'conflict'
  if (isEqual(file, base.value)) return 'same'
  return isEqual(board, base.value) && !held ? 'file' : 'conflict'
}

/** Whether two states of a file's task are the same for the next merge. */
export function isSameImport<T extends object>(a: T, b: T): boolean {
  return (Object.keys(a) as (keyof T)[]).every((key) => isEqual(a[key], b[key]))
}
