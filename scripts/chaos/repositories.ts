import { type ChildProcess, spawn } from 'node:child_process'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { execa } from 'execa'
import { freePort } from '../postgres/free-port.ts'
import type { Random } from './random.ts'

/** A project's files, as somebody outside of the product sees them. */
export interface Place {
  project: { local_path: string } | { repo_url: string }
  read(path: string): Promise<string>
  /** Commits on the branch. */
  commits(): Promise<number>
}

export interface Repositories {
  workingTree(name: string, files: Record<string, string>): Promise<Place>
  /** A bare repository behind Git's own server on loopback. */
  remote(name: string, files: Record<string, string>): Promise<Place>
  close(): void
}

const identity = {
  GIT_AUTHOR_NAME: 'A Tester',
  GIT_AUTHOR_EMAIL: 'tester@localhost',
  GIT_COMMITTER_NAME: 'A Tester',
  GIT_COMMITTER_EMAIL: 'tester@localhost',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_SYSTEM: '/dev/null',
}

async function git(cwd: string, ...args: string[]): Promise<string> {
  const { stdout } = await execa('git', args, { cwd, env: identity, stripFinalNewline: false })
  return stdout
}

/** Makes repositories in a folder, and serves the bare ones until it is closed. */
export async function openRepositories(folder: string): Promise<Repositories> {
  const served = join(folder, 'served')
  await mkdir(served, { recursive: true })
  const { port, server } = await serve(served)

  async function workingTree(name: string, files: Record<string, string>): Promise<Place> {
    const root = join(folder, name)
    await mkdir(root)
    await git(root, 'init', '--quiet', '--initial-branch=main')
    for (const [path, content] of Object.entries(files)) {
      await mkdir(dirname(join(root, path)), { recursive: true })
      await writeFile(join(root, path), content)
    }
    await git(root, 'add', '--all')
    await git(root, '-c', 'commit.gpgsign=false', 'commit', '--quiet', '-m', 'Begin')
    return {
      project: { local_path: root },
      read: (path) => readFile(join(root, path), 'utf8'),
      commits: async () => Number(await git(root, 'rev-list', '--count', 'main')),
    }
  }
  return {
    workingTree,
    async remote(name, files) {
      const begun = await workingTree(`${name}-begun`, files)
      const bare = join(served, `${name}.git`)
      const from = 'local_path' in begun.project ? begun.project.local_path : ''
      await git(folder, 'clone', '--quiet', '--bare', from, bare)
      return {
        project: { repo_url: `git://127.0.0.1:${port}/${name}.git` },
        read: (path) => git(bare, 'show', `main:${path}`),
        commits: async () => Number(await git(bare, 'rev-list', '--count', 'main')),
      }
    },
    close: () => void server.kill(),
  }
}

/** The port is taken the moment it was found free by somebody else, once in a blue moon: try again. */
async function serve(folder: string): Promise<{ port: number; server: ChildProcess }> {
  for (let attempt = 1; ; attempt++) {
    const port = await freePort()
    const server = spawn(
      'git',
      [
        'daemon',
        '--listen=127.0.0.1',
        `--port=${port}`,
        `--base-path=${folder}`,
        '--export-all',
        '--enable=receive-pack',
        '--reuseaddr',
        folder,
      ],
      { env: { PATH: process.env.PATH, ...identity }, stdio: 'ignore' },
    )
    await sleep(100)
    if (server.exitCode === null) return { port, server }
    if (attempt === 5) throw new Error(`git daemon does not start (${server.exitCode})`)
  }
}

/**
 * A port nobody listens on, below those the system gives to outgoing connections: else one of those
 * might take it while the product is down.
 */
export async function fixedPort(random: Random): Promise<number> {
  for (;;) {
    const port = random.between(20_000, 32_000)
    const free = await new Promise<boolean>((resolve) => {
      const probe = createServer()
      probe.once('error', () => resolve(false))
      probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)))
    })
    if (free) return port
  }
}
