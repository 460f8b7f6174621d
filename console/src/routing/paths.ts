const part = encodeURIComponent

const project = (slug: string) => `/projects/${part(slug)}`
const sprint = (slug: string, code: string) => `${project(slug)}/sprints/${part(code)}`

/** Every address of the console, below its base. */
export const paths = {
  projects: () => '/',
  newProject: () => '/?create=project',
  sprints: () => '/sprints',
  flowRuns: () => '/flow-runs',
  flowRun: (job: string) => `/flow-runs/${part(job)}`,
  parked: () => '/parked',
  tokens: () => '/tokens',
  allEvents: () => '/events',

  project,
  backlog: (slug: string) => `${project(slug)}/backlog`,
  projectCharts: (slug: string) => `${project(slug)}/charts`,
  runs: (slug: string) => `${project(slug)}/runs`,
  run: (slug: string, id: number) => `${project(slug)}/runs/${id}`,
  step: (slug: string, run: number, step: number) => `${project(slug)}/runs/${run}?step=${step}`,
  sessions: (slug: string) => `${project(slug)}/sessions`,
  session: (slug: string, key: string) => `${project(slug)}/sessions/${part(key)}`,
  events: (slug: string) => `${project(slug)}/events`,
  conflicts: (slug: string) => `${project(slug)}/conflicts`,
  settings: (slug: string) => `${project(slug)}/settings`,

  board: sprint,
  card: (slug: string, code: string, task: string) => `${sprint(slug, code)}?task=${part(task)}`,
  charts: (slug: string, code: string) => `${sprint(slug, code)}/charts`,
  report: (slug: string, code: string) => `${sprint(slug, code)}/report`,
  sprintHistory: (slug: string, code: string) => `${sprint(slug, code)}/history`,
}
