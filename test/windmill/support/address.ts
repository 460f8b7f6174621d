/** Where Windmill's HTTP interface is spoken. */
export type Address = {
  /** Without `/api`. */
  url: string
  token: string
  workspace: string
}

/** The server that the environment names, if it names one. @throws when it does so by half */
export function addressFrom(env: NodeJS.ProcessEnv): Address | undefined {
  const { WINDMILL_BASE_URL: url, WINDMILL_TOKEN: token, WINDMILL_WORKSPACE: workspace } = env
  if (!url) return undefined
  if (!token || !workspace) {
    throw new Error(
      'WINDMILL_BASE_URL is set: set WINDMILL_TOKEN, of an admin of the workspace, and WINDMILL_WORKSPACE too',
    )
  }
  return { url: url.replace(/\/+$/, '').replace(/\/api$/, ''), token, workspace }
}
