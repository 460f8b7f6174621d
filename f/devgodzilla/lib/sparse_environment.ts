const passed = [
  ...['PATH', 'HOME', 'USER', 'LOGNAME', 'SHELL', 'LANG', 'LC_ALL', 'TZ', 'TMPDIR'],
  ...['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY', 'http_proxy', 'https_proxy', 'no_proxy'],
  ...['SSL_CERT_FILE', 'SSL_CERT_DIR', 'NODE_EXTRA_CA_CERTS'],
  // Whose job this is: the engine finds by it what a job left running. No secret.
  'WM_JOB_ID',
]

/**
 * What a program needs to run, and none of the worker's secrets: no token, no database.
 * @param also names of variables that this program needs besides
 */
export function sparseEnvironment(also: readonly string[] = []): Record<string, string> {
  return Object.fromEntries(
    [...passed, ...also].flatMap((name) => {
      const value = process.env[name]
      return value === undefined ? [] : [[name, value]]
    }),
  )
}
