import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { PlanStep, Project } from '../answers.ts'
import { type Checkout, withCheckout } from '../checkout.ts'
import type { GitResource } from '../git.ts'
import type { Job } from '../job.ts'
import { withJobFolder } from '../job_folder.ts'
import { type Published, publish } from '../publish.ts'
import type { NewArtifact } from './artifacts.ts'

/** Where an agent does one step. */
export interface Workplace {
  /** Absolute, and private. */
  folder: string
  repository: { folder: string; branch: string } | null
  /** Puts its changes where the next steps find them, if there is a repository. */
  keep(step: PlanStep): Promise<Kept>
}

export interface Kept {
  artifacts: NewArtifact[]
  /** Why the changes are not with those of the other steps; null where they are. */
  conflict: string | null
}

export interface Place {
  project: Project
  git: GitResource
  step: PlanStep
  job: Job
}

/**
 * Opens a private folder for a step: a checkout of its run's branch, which its changes go to; for a
 * project without a repository an empty one.
 */
export async function inWorkplace<T>(
  { project, git, step, job }: Place,
  use: (place: Workplace) => Promise<T>,
): Promise<T> {
  const name = `step-${step.id}`
  if (project.local_path === null && project.repo_url === null) {
    return withJobFolder(
      job,
      async (parent) => {
        const folder = join(parent, 'files')
        await mkdir(folder, { mode: 0o700 })
        return use({
          folder,
          repository: null,
          keep: async () => ({ artifacts: [], conflict: null }),
        })
      },
      name,
    )
  }
  const branch = `devgodzilla/run-${step.protocol_run_id}`
  const options = { branch, name, ignore: ['/.devgodzilla/'] }
  return withCheckout(
    project,
    git,
    options,
    (checkout) =>
      use({
        folder: checkout.folder,
        repository: { folder: checkout.folder, branch },
        keep: (now) => keepChanges(project, checkout, now),
      }),
    job,
  )
}

async function keepChanges(project: Project, checkout: Checkout, step: PlanStep): Promise<Kept> {
  const title = step.step_name.replace(/\s+/g, ' ').slice(0, 100).toWellFormed()
  const text = `${title}\n\nStep ${step.id} of protocol run ${step.protocol_run_id}.`
  const done = await publish(checkout, text)
  if (done.state !== 'conflict') {
    return { artifacts: await changesOf(project, checkout, done), conflict: null }
  }
  const own = `${checkout.branch}-step-${step.id}-attempt-${step.attempt}`
  const kept = await publish(checkout, text, own)
  const files = done.files.slice(0, 20).join(', ')
  return {
    artifacts: await changesOf(project, checkout, kept),
    conflict:
      `Other steps changed the same lines of ${files}. The work is kept on the branch ${own}: ` +
      `merge it into ${checkout.branch} and complete the step, or retry it.`,
  }
}

async function changesOf(
  project: Project,
  { git, base }: Checkout,
  done: Published,
): Promise<NewArtifact[]> {
  if (done.state !== 'published') return []
  const { commit, branch } = done
  const changes = await git.raw('diff', '--stat=100', '--summary', `${commit}~1`, commit)
  const host = /^https?:\/\//.test(project.repo_url ?? '') ? project.repo_url : null
  const uri = host ? `${host.replace(/(\.git)?\/*$/, '')}/commit/${commit}` : `git:${commit}`
  const media_type = 'text/plain'
  return [
    { name: 'commit', media_type, uri, content: `${commit} on ${branch}, from ${base}\n` },
    ...(changes.trim() === ''
      ? []
      : [{ name: 'changes.txt', media_type, content: changes.slice(0, 100_000).toWellFormed() }]),
  ]
}
