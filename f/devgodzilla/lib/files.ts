/** For a `catch`: a file that is not there is an answer, anything else stays an error. */
export function missing(error: unknown): undefined {
  if (error instanceof Error && 'code' in error && isAbsence.has(String(error.code))) return
  throw error
}
const isAbsence = new Set(['ENOENT', 'ENOTDIR'])

export const message = (error: unknown) =>
  (error instanceof Error ? error.message : String(error)).trim()
