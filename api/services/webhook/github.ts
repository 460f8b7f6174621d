import { specPath } from '../../commands/specs.ts'
import type { Project } from '../../core/entities/project.ts'
import { type GitHubPush, mayHideChanges, touchedPaths } from '../../core/webhooks/github-push.ts'
import { repositoryAddress } from '../../core/webhooks/repository-address.ts'
import { projectsByRepository } from '../../store/projects.ts'
import { activeSpecPaths } from '../../store/specs.ts'
import type { Runtime, Work } from '../runtime.ts'
import { besideTasks, specFolder } from '../spec/path.ts'
import { projectsToSync, syncFiles, willBeSynced } from './files-pushed.ts'
import { type Incoming, ignored, once } from './once.ts'
import { integrationOff, readAgain } from './read-again.ts'

/** A push to the default branch of a project's repository: the specs it touched are read again. */
export const receivePush = (runtime: Runtime, delivery: Incoming, push: GitHubPush) =>
  once(runtime, delivery, async (work, claimed) => {
    const projects = await projectsOf(work, push)
    if (projects.length === 0) return ignored('No project has this repository as its repo_url.')
    const onBranch = push.deleted
      ? []
      : projects.filter(({ default_branch }) => push.ref === `refs/heads/${default_branch}`)
    if (onBranch.length === 0) return ignored('Only pushes to the default branch are read.')
    const hook = { ...claimed, source: 'github' as const, told: 'push' }
    const withFiles = await projectsToSync(work, onBranch, touchedPaths(push), mayHideChanges(push))
    await syncFiles(work, hook, withFiles)
    const besides = withFiles.length > 0 ? willBeSynced : null

    const on = onBranch.filter((project) => integrationOff(runtime, project) === null)
    const [off] = onBranch
    if (on.length === 0 && off && !besides) return ignored(integrationOff(runtime, off) ?? '')

    const specs = await readAgain(work, hook, await specsTouched(work, on, push))
    if (specs.length > 0) {
      return { outcome: 'accepted', detail: 'These specs will be read again.', specs }
    }
    if (besides) return { outcome: 'accepted', detail: besides, specs }
    return ignored(
      'The push touched no tasks.md of a spec, and no spec.md or plan.md of one that has tasks.',
    )
  })

/** Several projects may share a repository, on branches of their own. */
async function projectsOf(work: Work, { repository }: GitHubPush): Promise<Project[]> {
  const urls = [repository.clone_url, repository.ssh_url, repository.html_url]
  const addresses = new Set(urls.map(repositoryAddress).filter((it) => it !== null))
  const names = [...addresses].map((address) => address.slice(address.indexOf('/') + 1))
  const candidates = await projectsByRepository(work.tx, [...new Set(names)])
  return candidates.filter(({ repo_url }) => addresses.has(repositoryAddress(repo_url ?? '') ?? ''))
}

/**
 * What the push names of the specs that each project knows, and of any below a `specs` folder; all
 * that are known besides, where the push may hide some. A spec.md or plan.md counts once there are
 * tasks: until then somebody is at work on them.
 */
async function specsTouched(work: Work, projects: readonly Project[], push: GitHubPush) {
  const specs = await activeSpecPaths(
    work.tx,
    projects.map(({ id }) => id),
  )
  const touched = touchedPaths(push).filter((path) => specPath.safeParse(path).success)
  const files = touched.filter((path) => /(^|\/)tasks\.md$/.test(path))
  const besides = new Set(touched.map(besideTasks))
  return projects.map((project) => {
    const own = specs.filter(({ project_id }) => project_id === project.id)
    const known = new Set(own.map(({ path }) => path))
    const named = files.filter((path) => /(^|\/)specs\//.test(path) || known.has(specFolder(path)))
    const read = own.filter((it) => it.imported && besides.has(it.path)).map(({ path }) => path)
    return { project, paths: [...(mayHideChanges(push) ? known : read), ...named] }
  })
}
