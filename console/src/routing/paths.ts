const part = encodeURIComponent

/** Every address of the console, below its base. */
export const paths = {
  projects: () => '/',
  sprints: () => '/sprints',
  project: (slug: string) => `/projects/${part(slug)}`,
  events: (slug: string) => `/projects/${part(slug)}/events`,
  board: (slug: string, code: string) => `/projects/${part(slug)}/sprints/${part(code)}`,
  card: (slug: string, code: string, task: string) =>
    `/projects/${part(slug)}/sprints/${part(code)}?task=${part(task)}`,
}
