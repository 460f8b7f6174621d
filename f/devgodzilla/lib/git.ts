import { type SimpleGit, simpleGit } from 'simple-git'
import { message } from './files.ts'
import { sparseEnvironment } from './sparse_environment.ts'

/** The resource f/devgodzilla/git: who to be, per host. Its passwords are `$var:` references. */
export interface GitResource {
  credentials?: { host: string; username: string; password: string }[] | null
}

/** Git's own network transports; ext:: and its kind run commands. */
const transports = 'https:http:ssh:git'
/** For `gitIn`: speaks to folders of this machine, and to nothing else. */
export const betweenFolders = { GIT_ALLOW_PROTOCOL: 'file' }
const remoteUrl = /^(https?|ssh|git):\/\/[^\s-]\S*$|^[\w.-]+@[\w.-]+:[^\s-]\S*$/
const silence = 120_000

/** To find the user's configuration and keys, and the way through a proxy. */
const alsoPassed = [
  ...['XDG_CONFIG_HOME', 'SSH_AUTH_SOCK', 'ALL_PROXY', 'all_proxy', 'CURL_CA_BUNDLE'],
  ...['SystemRoot', 'USERPROFILE', 'APPDATA', 'LOCALAPPDATA', 'PROGRAMDATA', 'TEMP', 'TMP'],
]

/**
 * Git in one folder: no prompts, no other transports, none of the caller's GIT_* variables, and
 * killed after two minutes without a sound. A password travels in git's environment, bound to its
 * host: no command line, no config file and no message ever holds it. The filters and helpers that
 * a repository names run with it, so nothing else in its environment is secret.
 */
export function gitIn(folder: string, authentication: Record<string, string> = {}): SimpleGit {
  const own: Record<string, string> = {
    GIT_TERMINAL_PROMPT: '0',
    // What git says is read here, so it must not be translated.
    LC_ALL: 'C',
    // Reading must not lock the index of a working tree that people use meanwhile.
    GIT_OPTIONAL_LOCKS: '0',
    GIT_ALLOW_PROTOCOL: transports,
    // A clone has no remote to get large files from; their pointers are what is committed.
    GIT_LFS_SKIP_SMUDGE: '1',
    GIT_AUTHOR_NAME: 'DevGodzilla',
    GIT_AUTHOR_EMAIL: 'devgodzilla@localhost',
    GIT_COMMITTER_NAME: 'DevGodzilla',
    GIT_COMMITTER_EMAIL: 'devgodzilla@localhost',
    ...authentication,
  }
  return simpleGit({
    baseDir: folder,
    timeout: { block: silence },
    allowEnvironment: Object.keys(own),
    unsafe: {
      allowUnsafeConfigEnvCount: 'GIT_CONFIG_COUNT' in authentication,
      allowUnsafeFsMonitor: true,
      allowUnsafeHooksPath: true,
    },
    config: [
      // The bytes of a file are the repository's, whatever this machine prefers.
      'core.autocrlf=false',
      // What somebody, or an agent, left in a repository does not run in our name.
      'core.hooksPath=/dev/null',
      'core.fsmonitor=false',
    ],
  }).env({ ...sparseEnvironment(alsoPassed), ...own })
}

/** The environment that authenticates against the host of `url`; empty where none is set. */
export function authenticationFor(url: string, git: GitResource): Record<string, string> {
  const origin = /^https?:\/\//.test(url) ? new URL(url) : undefined
  const entry = git.credentials?.find(({ host }) => host === origin?.host)
  if (!origin || !entry) return {}
  if (origin.protocol === 'http:' && !isLoopback(origin.hostname)) {
    throw new Error(
      `repo_url ${withoutSecrets(url)} is plain http: a password would be readable on the way; use https`,
    )
  }
  const basic = Buffer.from(`${entry.username}:${entry.password}`).toString('base64')
  return {
    GIT_CONFIG_COUNT: '2',
    GIT_CONFIG_KEY_0: `http.${origin.origin}/.extraHeader`,
    GIT_CONFIG_VALUE_0: `Authorization: Basic ${basic}`,
    // Git would send the header along to wherever a host points.
    GIT_CONFIG_KEY_1: 'http.followRedirects',
    GIT_CONFIG_VALUE_1: 'false',
  }
}

const isLoopback = (host: string) => /^(localhost|127(\.\d+){3}|\[::1\])$/.test(host)

/** @throws where the URL is none that git should follow, or carries a password itself */
export function checkRemote(url: string): void {
  if (!remoteUrl.test(url)) {
    throw new Error(
      `repo_url ${withoutSecrets(url)} must be an https, ssh or git URL, or user@host:path`,
    )
  }
  if (/^https?:\/\//.test(url) && (new URL(url).password || new URL(url).username)) {
    throw new Error(
      'repo_url holds a user name or a password: take them out, and list the host in the ' +
        'resource f/devgodzilla/git instead',
    )
  }
}

/** @throws where git could take the name for an option, or for more than one branch */
export function checkBranch(branch: string, field = 'default_branch'): void {
  const odd = /^[-/.]|[\s~^:?*[\\]|\.\.|@\{|\/\/|[/.]$|\.lock$/
  const control = [...branch].some((char) => char < ' ' || char === '\u007f')
  if (branch === '' || control || odd.test(branch)) {
    throw new Error(`${field} ${JSON.stringify(branch)} is not the name of a branch`)
  }
}

/** A URL as it may be shown: without what stands before the @ of its host. */
export const withoutSecrets = (url: string): string => url.replace(/\/\/[^/@\s]*@/, '//')

/** What git said went wrong, without the lines on how far it had come. */
export function gitReason(error: unknown): string {
  const lines = message(error).split(/[\r\n]+/)
  const telling = lines.filter((line) => line.trim() !== '' && !progress.test(line))
  const reason = (telling.length > 0 ? telling : lines).join('\n')
  if (!redirected.test(reason)) return reason
  return `${reason}; it is elsewhere now, where no password is taken along: give its new address as repo_url`
}
const redirected = /The requested URL returned error: 30\d/
const progress = /^(remote: )?(\w+ing [\w ]*:\s+\d|Total \d)/
