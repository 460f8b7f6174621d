#!/usr/bin/env node
/**
 * Tells DevGodzilla that files of a feature may have changed: "read them again", never what is in
 * them. A hook must not fail the work it follows: whatever goes wrong here is one line on stderr and
 * exit 0, unless --strict asks for exit 1. Nothing is kept for later either; what is lost comes with
 * the next push, or the next look of the schedule.
 */
import { execFileSync } from 'node:child_process'
import { createHmac, randomUUID } from 'node:crypto'
import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const usage = `notify.mjs [FEATURE FOLDER OR FILE...]   tell of these; without any, of what Git sees changed
  --commit    of what the last commit changed
  --since REV of what changed since a commit, such as ORIG_HEAD after a merge
  --payload   of what an agent's event on stdin has written
  --ping      of nothing: try address, secret and project
  --event NAME, --json, --strict (exit 1 where it did not arrive)`

const patience = 3000
const documents = /(^|\/)(tasks|spec|plan)\.md$/
const extension = join(dirname(fileURLToPath(import.meta.url)), '..')

class Problem extends Error {}

async function main() {
  // Links resolved, as Git names the repository.
  const project = realpathSync(resolve(extension, '..', '..', '..'))
  const root = realpathSync(git(project, 'rev-parse', '--show-toplevel').trim() || project)
  const files = options.ping ? ['ping'] : changedFiles(project, root)
  if (files.length === 0) return []
  const config = readConfig(root)
  const secret = readSecret(config, root)
  const done = []
  for (const file of files) {
    const body = JSON.stringify({ project: config.project, file, event: options.event })
    done.push({ file, says: await send(config, secret, body) })
  }
  return done
}

/** Paths of documents, relative to the repository and with slashes, once each. */
function changedFiles(project, root) {
  if (options.paths.length > 0) {
    return inside(root, process.cwd(), options.paths, (path) =>
      documents.test(path) ? path : `${path}/tasks.md`,
    )
  }
  if (options.payload) {
    const payload = readPayload()
    const base = typeof payload?.cwd === 'string' ? payload.cwd : project
    const named = inside(root, base, documentsNamedIn(payload, base))
    // An agent also names files that it only reads, and the end of its turn names none.
    const written = named.length > 0 || !isStop(payload) ? named : uncommitted(root)
    return written.filter((path) => isFresh(join(root, path)))
  }
  if (options.since) return documentsOf(gitNames(root, 'diff', options.since, 'HEAD'))
  const committed = gitNames(root, 'diff-tree', '--root', '-r', '-m', '--no-commit-id', 'HEAD')
  return documentsOf(options.commit ? committed : [...uncommitted(root), ...committed])
}

/** What differs from the last commit, files that are not in it included. */
const uncommitted = (root) =>
  documentsOf([
    ...gitNames(root, 'diff', 'HEAD'),
    ...git(root, 'ls-files', '-z', '--others', '--exclude-standard').split('\0'),
  ])
const gitNames = (root, command, ...args) =>
  // A renamed file by both its names: one feature has lost it, another one has it.
  git(root, command, '-z', '--name-only', '--no-renames', ...args, '--').split('\0')
const documentsOf = (paths) => [
  ...new Set(paths.filter((path) => documents.test(path) && /(^|\/)specs\//.test(path))),
]

function inside(root, base, paths, complete = (path) => path) {
  const found = paths.map((path) => {
    const full = resolve(base, path)
    // A file may be gone by now; its folder still tells where it was.
    const folder = existsSync(full) ? realpathSync(full) : full
    return relative(root, folder).split(sep).join('/')
  })
  const within = found.filter((it) => it && it !== '..' && !/^(\.\.\/|\/|[A-Za-z]:)/.test(it))
  return [...new Set(within.map(complete).filter((path) => documents.test(path)))]
}

/** Written within the last minutes, or gone. */
function isFresh(path) {
  const found = statSync(path, { throwIfNoEntry: false })
  return !found || Date.now() - found.mtimeMs < 10 * 60_000
}

/** Each agent has a form of its own for its events; all name what they touch somewhere in it. */
function documentsNamedIn(payload, base) {
  if (typeof payload === 'string') {
    const text = payload.replaceAll('\\', '/')
    if (documents.test(text) && existsSync(resolve(base, text))) return [text]
    return text.match(/[^\s"'`<>|,;=()]*\b(?:tasks|spec|plan)\.md\b/g) ?? []
  }
  return Object.values(Object(payload)).flatMap((part) => documentsNamedIn(part, base))
}

const isStop = (payload) =>
  /^(stop|afteragent|agentstop)$/i.test(payload?.hook_event_name ?? payload?.event ?? '')

function readPayload() {
  if (process.stdin.isTTY) return null
  try {
    return JSON.parse(readFileSync(0, 'utf8'))
  } catch {
    throw new Problem('the payload of the event could not be read')
  }
}

function git(folder, ...args) {
  // Within a hook, Git's own variables would point elsewhere than the folder does.
  const environment = Object.entries(process.env).filter(([name]) => !name.startsWith('GIT_'))
  try {
    return execFileSync('git', args, {
      cwd: folder,
      env: Object.fromEntries(environment),
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      maxBuffer: 64 * 1_048_576,
      timeout: 10_000,
    })
  } catch {
    // No Git here, no repository, or no commit yet: then there is nothing that it could tell.
    return ''
  }
}

/** Defaults, then the project's file, then this machine's, then the environment. */
function readConfig(root) {
  const config = {
    url: addressLeft() ?? 'http://127.0.0.1:8787',
    target: 'webhook',
    project: '',
    secret_file: '',
  }
  const keys = Object.keys(config)
  for (const name of ['devgodzilla-config.yml', 'local-config.yml']) {
    const file = join(extension, name)
    if (!existsSync(file)) continue
    for (const line of readFileSync(file, 'utf8').split(/\r?\n/)) {
      const [, key, quoted, plain] =
        /^(\w+):\s*(?:["'](.*)["']|(.*?))\s*(?:\s#.*)?$/.exec(line) ?? []
      if (key === 'secret') throw new Problem(`take the secret out of ${relative(root, file)}`)
      const value = quoted ?? plain ?? ''
      if (keys.includes(key) && value !== '') config[key] = value
    }
  }
  for (const key of keys) {
    const value = process.env[`SPECKIT_DEVGODZILLA_${key.toUpperCase()}`]
    if (value) config[key] = value
  }
  if (!config.project) throw new Problem('the configuration names no project')
  if (!/^https?:\/\//.test(config.url)) throw new Problem(`url ${config.url} is none of http(s)`)
  if (!['webhook', 'windmill'].includes(config.target)) {
    throw new Problem(`target is ${config.target}: make it webhook or windmill`)
  }
  return config
}

function readSecret({ secret_file }, root) {
  const given = process.env.SPECKIT_DEVGODZILLA_SECRET || process.env.DEVGODZILLA_WEBHOOK_SECRET
  if (given) return given
  const file = secret_file
    ? resolve(secret_file.replace(/^~(?=[\\/])/, homedir()))
    : inDataFolder('secrets', 'webhook-secret')
  const found = statSync(file, { throwIfNoEntry: false })
  if (!found?.isFile()) {
    throw new Problem(
      `there is no secret in ${file}: write the webhook secret of DevGodzilla there (mode 600), or set SPECKIT_DEVGODZILLA_SECRET`,
    )
  }
  const inRepository = relative(root, realpathSync(file))
  if (!isAbsolute(inRepository) && inRepository.split(sep)[0] !== '..') {
    throw new Problem(`${file} lies in the repository: move the secret out of it`)
  }
  if (process.platform !== 'win32' && (found.mode & 0o077) !== 0) {
    throw new Problem(`others can read ${file}: chmod 600 it`)
  }
  const secret = readFileSync(file, 'utf8').trim()
  if (secret === '') throw new Problem(`${file} is empty`)
  return secret
}

/** Where the DevGodzilla of this machine said that it answers. */
function addressLeft() {
  try {
    return JSON.parse(readFileSync(inDataFolder('address.json'), 'utf8')).api
  } catch {
    // None runs here, or it is somebody else's.
    return undefined
  }
}

/** Where DevGodzilla keeps its data when it runs on this machine. */
function inDataFolder(...names) {
  const { env, platform } = process
  if (env.DEVGODZILLA_DATA_DIR) return join(env.DEVGODZILLA_DATA_DIR, ...names)
  if (process.getuid?.() === 0) return join('/var/lib/devgodzilla', ...names)
  const home = env.HOME || homedir()
  const xdg = isAbsolute(env.XDG_DATA_HOME ?? '')
    ? env.XDG_DATA_HOME
    : join(home, '.local', 'share')
  const shared = platform === 'darwin' ? join(home, 'Library', 'Application Support') : xdg
  return join(shared, 'devgodzilla', ...names)
}

/** Signed, with one more try where nobody answered or somebody asked to wait. */
async function send({ url, target }, secret, body) {
  const sign = target === 'windmill' ? forTrigger : forWebhook
  const { address, headers } = sign(url, secret, body)
  let wrong = ''
  for (const pause of [0, 500]) {
    await sleep(pause)
    try {
      const answer = await fetch(address, {
        method: 'POST',
        // A redirect would carry the message to wherever it points.
        redirect: 'manual',
        headers: { 'content-type': 'application/json', ...headers },
        body,
        signal: AbortSignal.timeout(patience),
      })
      const text = await answer.text()
      if (answer.ok) return detailOf(text) || 'the board was told'
      wrong = `${address} answered ${answer.status}: ${detailOf(text)}`
      if (answer.status < 500 && answer.status !== 429) break
    } catch (error) {
      const why = error.cause?.code || error.cause?.message || error.message
      wrong = `${address} did not answer (${why})`
    }
  }
  throw new Problem(wrong)
}

/** After Standard Webhooks; "whsec_" announces base64, anything else is the key itself. */
function forWebhook(url, secret, body) {
  const key = secret.startsWith('whsec_') ? Buffer.from(secret.slice(6), 'base64') : secret
  const [id, timestamp] = [`msg_${randomUUID()}`, String(Math.floor(Date.now() / 1000))]
  const code = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')
  const signature = { 'webhook-signature': `v1,${code}` }
  return {
    address: `${url.replace(/\/+$/, '')}/webhooks/speckit`,
    headers: { 'webhook-id': id, 'webhook-timestamp': timestamp, ...signature },
  }
}

/** As a Windmill trigger with a custom signature checks it. */
function forTrigger(url, secret, body) {
  const code = createHmac('sha256', secret).update(body).digest('hex')
  return { address: url, headers: { 'X-DevGodzilla-Signature': `sha256=${code}` } }
}

/** What a JSON answer says in words, else the beginning of the answer. */
function detailOf(text) {
  try {
    const { detail, message } = Object(JSON.parse(text))
    if (detail || message) return String(detail ?? message)
  } catch {
    // Not JSON: a proxy in between, or Windmill's bare id of a job.
  }
  return text.trim().slice(0, 300)
}

function readArguments() {
  const [flag, text] = [{ type: 'boolean' }, { type: 'string' }]
  const flags = { commit: flag, payload: flag, ping: flag, json: flag, strict: flag, help: flag }
  const texts = { since: text, event: { ...text, default: 'tasks_changed' } }
  try {
    const options = { ...flags, ...texts }
    const { values, positionals } = parseArgs({ options, allowPositionals: true })
    if (!values.help) return { ...values, paths: positionals }
    console.log(usage)
    process.exit(0)
  } catch (error) {
    console.error(`${error.message}\n${usage}`)
    process.exit(2)
  }
}

const options = readArguments()
try {
  const done = await main()
  if (options.json) console.log(JSON.stringify(done, null, 2))
  // An agent takes what its event prints for something to read.
  else if (!options.payload) for (const { file, says } of done) console.log(`${file}: ${says}`)
} catch (error) {
  const said = error instanceof Problem ? error.message : String(error)
  if (options.json) console.log(JSON.stringify({ error: said }, null, 2))
  else console.error(`devgodzilla: the board was not told: ${said}`)
  process.exitCode = options.strict ? 1 : 0
}
