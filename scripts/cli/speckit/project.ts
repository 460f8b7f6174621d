import { realpath } from 'node:fs/promises'
import type { Project } from '../../../api/core/entities/project.ts'
import { repositoryAddress } from '../../../api/core/webhooks/repository-address.ts'
import { CliError, call, type Target } from '../../connect/client.ts'
import type { Place } from './place.ts'

/** The project of a slug, as the API knows it. */
export async function findProject(target: Target, slug: string): Promise<Project | undefined> {
  const path = `/projects?slug=${encodeURIComponent(slug)}`
  const { items } = (await call(target, { method: 'GET', path })) as { items: Project[] }
  return items[0]
}

/** What a project made for this repository is: read here where the API runs, else cloned. */
export async function projectOf(target: Target, place: Place, slug: string) {
  const origin = withoutAccount(await place.git('remote', 'get-url', 'origin'))
  const repo_url = repositoryAddress(origin) === null ? null : origin
  const local = ['127.0.0.1', 'localhost', '[::1]'].includes(new URL(target.url).hostname)
  if (!local && repo_url === null) {
    throw new CliError(
      `DevGodzilla at ${target.url} cannot read this folder, and the repository has no remote "origin" to clone: add one.`,
    )
  }
  return {
    ...{ slug, name: slug, local_path: local ? place.root : null, repo_url },
    default_branch: (await place.git('symbolic-ref', '--short', 'HEAD')) || 'main',
  }
}

/** @throws CliError where the project is another repository */
export async function refuseOther(project: Project, place: Place): Promise<void> {
  const { slug, local_path, repo_url } = project
  const origin = repositoryAddress(await place.git('remote', 'get-url', 'origin'))
  const same =
    (local_path !== null && (await realpath(local_path).catch(() => null)) === place.root) ||
    (repo_url !== null && repositoryAddress(repo_url) === origin) ||
    (local_path === null && repo_url === null)
  if (same) return
  throw new CliError(
    `The project ${slug} is another repository (${local_path ?? repo_url}): name this one with --project.`,
  )
}

/** A slug made of a folder's name. */
export function slugOf(name: string): string {
  const slug = name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')
  return slug.replaceAll(/^-+|-+$/g, '').slice(0, 63) || 'project'
}

/** An account in an https address may be a secret, and the API refuses it. */
function withoutAccount(url: string): string {
  return url.replace(/^(https?:\/\/)[^/@]*@/, '$1')
}
