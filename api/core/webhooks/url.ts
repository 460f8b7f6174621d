/**
 * What is wrong with an address to send to, null where nothing is. Where the name leads is another
 * question, answered when it is resolved.
 */
export function faultOfUrl(text: string): string | null {
  const url = URL.canParse(text) ? new URL(text) : null
  if (!url || !/^https?:\/\//i.test(text)) return 'must be an address that begins with http(s)://'
  if (url.username !== '' || url.password !== '') {
    return 'must not carry a name or password; the signature says who sends'
  }
  if (url.hash !== '') return 'must not have a fragment (#…): it is never sent'
  const port = Number(url.port || 443)
  // Below 1024 live other protocols, which a request must not be able to speak to.
  if (port < 1024 && port !== 80 && port !== 443) {
    return 'must use port 80, 443 or one from 1024 on'
  }
  return null
}

/** Of an address what may be told: its path can be a secret, as Slack's is. */
export const originOf = (url: string): string => new URL(url).origin
