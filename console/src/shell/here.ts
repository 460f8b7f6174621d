import { match } from '../routing/match.ts'

export interface Here {
  path: string
  /** The project and the sprint that the address names. */
  slug: string | undefined
  code: string | undefined
}

export function hereOf(path: string): Here {
  const parts = path.split('/').filter(Boolean)
  const sprint = match('/projects/:slug/sprints/:code', `/${parts.slice(0, 4).join('/')}`)
  const project = match('/projects/:slug', `/${parts.slice(0, 2).join('/')}`)
  return { path, slug: project?.slug, code: sprint?.code }
}
