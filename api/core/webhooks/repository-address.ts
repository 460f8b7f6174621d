/**
 * A repository's URL as something to compare: `host/owner/name` in lower case, whichever transport
 * and spelling it came in. Null for what is no URL of a repository.
 */
export function repositoryAddress(url: string): string | null {
  const [, scpHost, scpPath] = /^(?:[\w.-]+@)?([\w.-]+):(?!\/\/)(.+)$/.exec(url) ?? []
  const parsed = scpHost === undefined && URL.canParse(url) ? new URL(url) : null
  // GitHub's door for SSH through firewalls leads to the same place.
  const host = (scpHost ?? parsed?.host ?? '')
    .toLowerCase()
    .replace(/^ssh\.(github\.com)(:443)?$/, '$1')
  const path = (scpPath ?? parsed?.pathname ?? '')
    .toLowerCase()
    .replace(/^\/+|\/+$/g, '')
    .replace(/\.git$/, '')
  return host === '' || path === '' ? null : `${host}/${path}`
}
