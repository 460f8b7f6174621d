import type { Api } from '../api.ts'
import type { GitResource } from '../git.ts'
import { withFilesOf } from '../project_files.ts'
import type { Repository } from '../repository.ts'
import { documents, documentsIn, folderPath, listSpecs, type SpecDocument } from '../spec_files.ts'

/** How far a feature folder has come, and what was found on the way. */
export interface SpecStage {
  /** The feature folder, relative to the repository. */
  spec_path: string
  /** Which of spec.md, plan.md and tasks.md it holds. */
  files: SpecDocument[]
  notes: string[]
}

const command: Record<SpecDocument, string> = {
  'spec.md': '/speckit.specify',
  'plan.md': '/speckit.plan',
  'tasks.md': '/speckit.tasks',
}

/**
 * Sees to it that a feature folder holds a document, or a later one that was made without it.
 * @param specPath the folder or a file in it
 * @throws saying what is missing and how to make it
 */
export async function requireDocument(
  api: Api,
  git: GitResource,
  projectId: number,
  document: SpecDocument,
  specPath: string,
): Promise<SpecStage> {
  return withFilesOf(api, git, projectId, async (repository) => {
    const spec_path = folderPath(specPath)
    const files = await documentsIn(repository, spec_path)
    const how = `run ${command[document]} in the repository, then this flow again`
    if (files.length === 0) {
      const known = (await listSpecs(repository)).slice(0, 5).map(({ path }) => path)
      const others = known.length > 0 ? `; there is ${known.join(', ')}` : ''
      throw new Error(
        `${spec_path} is not a feature folder: it holds none of ${documents.join(', ')}${others}; ${how}`,
      )
    }
    if (files.includes(document)) return { spec_path, files, notes: [] }
    const later = files.find((name) => documents.indexOf(name) > documents.indexOf(document))
    if (!later) throw new Error(`${spec_path} has no ${document}: ${how}`)
    return { spec_path, files, notes: [`${spec_path} has a ${later} without a ${document}`] }
  })
}

/** @throws where there is none */
export async function newestFolder(repository: Repository): Promise<string> {
  const [first] = await listSpecs(repository)
  if (first) return first.path
  throw new Error(
    'the repository has no feature folder below specs/ yet: run /speckit.specify in it, ' +
      'then this flow again',
  )
}
