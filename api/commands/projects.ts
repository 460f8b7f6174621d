import * as z from 'zod'
import { name, text } from '../core/entities/fields.ts'
import { Project, ProjectSettings, slug } from '../core/entities/project.ts'
import { byProject, command, listOf, page } from './command.ts'

const localPath = text(4096)
  .refine((path) => path.startsWith('/') || /^[A-Za-z]:[\\/]/.test(path), 'must be absolute')
  .meta({ description: 'absolute path of a Git repository on the server; admins only' })
/** Git's own transports; anything else (ext::, -options) could run a command. */
const repoUrl = text(2048)
  .refine(
    (url) => /^(https?|ssh|git):\/\/[^\s-][^\s]*$|^[\w.-]+@[\w.-]+:[^\s-][^\s]*$/.test(url),
    'must be an https, ssh or git URL, or user@host:path',
  )
  .refine(
    (url) => !carriesCredentials(url),
    'must not hold a name or password, everybody may read it; list the host in the resource f/devgodzilla/git',
  )

/** A user of SSH is no secret; anything before the @ of an https address may be. */
function carriesCredentials(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : null
  if (url === null) return false
  return url.password !== '' || (/^https?:$/.test(url.protocol) && url.username !== '')
}
const branch = text(250).regex(/^[^\s-][^\s~^:?*[\\]*$/, 'must be a branch name')

export const listProjects = command({
  name: 'project.list',
  summary: 'List projects',
  scope: 'read',
  method: 'get',
  path: '/projects',
  tool: 'orchestration_project_list',
  cli: 'project list',
  brief: ['slug', 'name', 'default_branch'],
  query: z.object({ ...page, slug: slug.optional() }),
  output: listOf(Project),
})

export const createProject = command({
  name: 'project.create',
  summary: 'Create a project',
  scope: 'plan',
  method: 'post',
  path: '/projects',
  status: 201,
  body: z.strictObject({
    slug,
    name: name(),
    local_path: localPath.nullish(),
    repo_url: repoUrl.nullish(),
    default_branch: branch.default('main'),
    settings: ProjectSettings.default({}),
  }),
  output: Project,
})

export const getProject = command({
  name: 'project.get',
  summary: 'Read a project',
  scope: 'read',
  method: 'get',
  path: '/projects/:project_id',
  params: byProject,
  output: Project,
})

export const updateProject = command({
  name: 'project.update',
  summary: 'Change a project',
  scope: 'plan',
  method: 'patch',
  path: '/projects/:project_id',
  params: byProject,
  body: z.strictObject({
    name: name().optional(),
    local_path: localPath.nullish(),
    repo_url: repoUrl.nullish(),
    default_branch: branch.optional(),
    settings: ProjectSettings.optional(),
  }),
  output: Project,
})

export const deleteProject = command({
  name: 'project.delete',
  summary: 'Delete a project with everything in it; its events stay',
  scope: 'admin',
  method: 'delete',
  path: '/projects/:project_id',
  params: byProject,
  output: Project,
})
