import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Project } from '../answers.ts'
import { type Checkout, withCheckout } from '../checkout.ts'
import type { GitResource } from '../git.ts'
import { currentJob } from '../job.ts'
import { withJobFolder } from '../job_folder.ts'
import { publish } from '../publish.ts'
import type { Repository } from '../repository.ts'
import { filesBelow, type NewFile, writeNew } from './new_files.ts'

/** Where somebody writes a document: a copy, from which only what is right goes into the project. */
export interface WorkArea {
  folder: string
  /** Where the project's code can be seen. */
  code: string
  /** Puts new files into the project, over none that is there. Answers what was there already. */
  land(files: NewFile[], message: string): Promise<string[]>
}

export interface AreaOptions {
  /** The feature folder. */
  spec_path: string
  /** What is done there. */
  name: string
  /** Whether whoever works there has to see the code in it. */
  withCode: boolean
}

/**
 * A local project takes new files into its working tree; one that is cloned takes a commit on its
 * branch.
 */
export async function withWorkArea<T>(
  project: Project,
  git: GitResource,
  repository: Repository,
  { spec_path, name, withCode }: AreaOptions,
  use: (area: WorkArea) => Promise<T>,
): Promise<T> {
  if (repository.kind === 'clone') {
    // The clone that is open for reading has SpecKit's documents alone.
    return withCheckout(project, git, { branch: repository.branch, name }, (checkout) =>
      use({
        ...{ folder: checkout.folder, code: checkout.folder },
        land: (files, message) => commit(checkout, files, message),
      }),
    )
  }
  const { root } = repository
  const use_ = async (folder: string, code: string) => {
    // What is there may not be committed yet.
    for (const { path, bytes } of await filesBelow(root, spec_path)) {
      await mkdir(dirname(join(folder, path)), { recursive: true })
      await writeFile(join(folder, path), bytes)
    }
    return use({ folder, code, land: (files) => intoTree(root, files) })
  }
  const head = await repository.git.raw('rev-parse', '--verify', '--quiet', 'HEAD')
  if (!withCode || head.trim() === '') {
    return withJobFolder(currentJob(), (folder) => use_(folder, withCode ? folder : root), name)
  }
  // Nothing is published from it, so its branch is never made.
  const options = { branch: `devgodzilla/${name}`, base: head.trim(), name }
  return withCheckout(project, git, options, ({ folder }) => use_(folder, folder))
}

async function intoTree(root: string, files: NewFile[]): Promise<string[]> {
  const kept: string[] = []
  for (const file of files) if (!(await writeNew(root, file))) kept.push(file.path)
  return kept
}

async function commit(checkout: Checkout, files: NewFile[], message: string): Promise<string[]> {
  // Whatever else was done in it stays out.
  await checkout.git.raw('reset', '--quiet', '--hard', checkout.base)
  await checkout.git.raw('clean', '--quiet', '-ffdx')
  const kept = await intoTree(checkout.folder, files)
  const published = await publish(checkout, message)
  if (published.state !== 'conflict') return kept
  throw new Error(
    `${published.files.join(', ')} came to branch ${published.branch} meanwhile, so nothing was written over it: run the flow again`,
  )
}
