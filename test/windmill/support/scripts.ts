import { script } from './workspace.ts'

/** Notes an effect under the root job, by the server's own HTTP: see `effects` in runs.ts. */
const RECORD = `
const { BASE_INTERNAL_URL, BASE_URL, WM_WORKSPACE, WM_TOKEN, WM_JOB_ID } = process.env
const api = (BASE_INTERNAL_URL ?? BASE_URL) + '/api/w/' + WM_WORKSPACE
const headers = { Authorization: 'Bearer ' + WM_TOKEN, 'Content-Type': 'application/json' }

async function ask(method: string, path: string, body?: unknown) {
  const response = await fetch(api + path, { method, headers, body: JSON.stringify(body) })
  const text = await response.text()
  if (!response.ok) throw new Error(method + ' ' + path + ': ' + response.status + ' ' + text)
  try { return JSON.parse(text) } catch { return text }
}

async function rootJob() {
  return ask('GET', '/jobs_u/get_root_job_id/' + WM_JOB_ID)
}

async function record(what: string) {
  const key = Date.now() + '-' + Math.random().toString(36).slice(2)
  await ask('POST', '/jobs/flow/user_states/' + (await rootJob()) + '/' + key, what)
}
`

/** Answers its value. */
export const echo = script('echo', 'export function main(value: any) { return value }')

/** Answers its value, and leaves its name behind. */
export const effect = script(
  'effect',
  `${RECORD}
export async function main(name: string, value: any = null) {
  await record(name)
  return value
}`,
)

/** Throws a RangeError. */
export const fail = script(
  'fail',
  `${RECORD}
export async function main(why: string) {
  await record('fail ' + why)
  throw new RangeError(why)
}`,
)

/** Fails so many times; answers how often it was called before. */
export const flaky = script(
  'flaky',
  `${RECORD}
export async function main(failures: number, value: any = null) {
  const path = '/jobs/flow/user_states/' + (await rootJob()) + '/flaky'
  const before = (await ask('GET', path)) ?? 0
  await ask('POST', path, before + 1)
  await record('try ' + JSON.stringify(value))
  if (before < failures) throw new Error('try ' + (before + 1))
  return before
}`,
)

/** Leaves its name behind when it begins, and again when it ends. */
export const slow = script(
  'slow',
  `${RECORD}
export async function main(name: string, seconds: number) {
  await record(name + ' begins')
  await new Promise((done) => setTimeout(done, seconds * 1000))
  await record(name + ' ends')
  return name
}`,
)
