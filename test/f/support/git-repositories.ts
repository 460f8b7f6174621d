import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { onTestFinished } from 'vitest'

const run = promisify(execFile)

const identity = {
  GIT_AUTHOR_NAME: 'A Tester',
  GIT_AUTHOR_EMAIL: 'tester@localhost',
  GIT_COMMITTER_NAME: 'A Tester',
  GIT_COMMITTER_EMAIL: 'tester@localhost',
  GIT_CONFIG_GLOBAL: '/dev/null',
}

/** Git as a person would run it, apart from what the code under test does. */
export async function git(folder: string, ...args: string[]): Promise<string> {
  const { stdout } = await run('git', args, { cwd: folder, env: { ...process.env, ...identity } })
  return stdout.trim()
}

export async function temporaryFolder(): Promise<string> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'flows-test-')))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

export type Files = Record<string, string | Uint8Array>

export async function writeFiles(folder: string, files: Files): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), content)
  }
}

/** A repository on branch main, with these files committed. */
export async function repositoryWith(files: Files): Promise<string> {
  const folder = await temporaryFolder()
  await git(folder, 'init', '--quiet', '--initial-branch', 'main')
  await writeFiles(folder, files)
  await git(folder, 'add', '--all')
  await git(folder, 'commit', '--quiet', '--allow-empty', '-m', 'Begin')
  return folder
}

/** Commits files to the branch main of a bare repository, the way a colleague would. */
export async function colleaguePushes(bare: string, files: Files): Promise<void> {
  const folder = await temporaryFolder()
  await git(folder, 'clone', '--quiet', bare, '.')
  await writeFiles(folder, files)
  await git(folder, 'add', '--all')
  await git(folder, 'commit', '--quiet', '-m', 'Work of a colleague')
  await git(folder, 'push', '--quiet', 'origin', 'HEAD:main')
}
