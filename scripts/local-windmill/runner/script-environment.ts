const SHARED = ['PATH', 'HOME', 'LANG', 'TZ', 'TMPDIR', 'SystemRoot', 'USERPROFILE', 'TEMP']

/** What scripts may see of the engine's environment; its secrets are not among it. */
export function scriptEnvironment(env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    SHARED.flatMap((name) => {
      const value = env[name]
      return value === undefined ? [] : [[name, value]]
    }),
  )
}
