/** Whether a server (`CE v1.463.2-5-gabcdef`, `EE v1.600.0`) is older; undefined if it is no Windmill. */
export function isOlder(server: string, than: readonly [number, number]): boolean | undefined {
  const [major, minor] = /v(\d+)\.(\d+)\./.exec(server)?.slice(1).map(Number) ?? []
  if (major === undefined || minor === undefined) return undefined
  return major === than[0] ? minor < than[1] : major < than[0]
}
