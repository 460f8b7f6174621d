/** The one-time code of a link such as `/console/#login=CODE`, or null. */
export function loginCodeIn(hash: string): string | null {
  const code = new URLSearchParams(hash.replace(/^#/, '')).get('login')
  return code === null || code === '' ? null : code
}
