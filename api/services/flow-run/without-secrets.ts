const secretName =
  /(^|_)(token|secret|password|passwd|passphrase|(private|api|access|secret)_?key|authorization|cookie|credentials?)$/i
/** As `client_secret`: `clientSecret`, `Client-Secret`. */
const spelled = (name: string) =>
  name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').replaceAll(/[^A-Za-z0-9]+/g, '_')
const hidden = '••••••'

/**
 * A value without what its names say is secret. Windmill keeps `$var:` and `$res:` as they were
 * written, so secrets stand in arguments only where a flow has computed them.
 */
export function withoutSecrets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutSecrets)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name,
      secretName.test(spelled(name)) && isPlainSecret(inner) ? hidden : withoutSecrets(inner),
    ]),
  )
}

const isPlainSecret = (value: unknown) =>
  typeof value === 'string' && value !== '' && !/^\$(var|res):/.test(value)
