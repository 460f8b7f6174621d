/** Entities as the API answers them, with what a test does not care about filled in. */
export const project = (more: object = {}) => ({
  id: 1,
  slug: 'sample',
  name: 'Sample',
  local_path: null,
  repo_url: null,
  default_branch: 'main',
  settings: {},
  ...more,
})

export const sprint = (more: object = {}) => ({
  id: 7,
  project_id: 1,
  spec_id: null,
  code: 'SP-7',
  name: 'First sprint',
  goal: null,
  status: 'active',
  ...more,
})

export const spec = (more: object = {}) => ({
  id: 3,
  project_id: 1,
  path: 'specs/001-shop',
  name: '001-shop',
  content_hash: null,
  ...more,
})

export const task = (more: object = {}) => ({
  id: 11,
  project_id: 1,
  sprint_id: 7,
  spec_id: 3,
  external_id: 'T001',
  code: 'T-11',
  title: 'Lay the table',
  board_status: 'todo',
  story_points: 3,
  ...more,
})

export const importReport = (more: object = {}) => ({
  spec_id: 3,
  sprint_id: 7,
  content_hash: 'a'.repeat(64),
  recognised: 2,
  created: 2,
  updated: 0,
  unchanged: 0,
  archived: [],
  moved: 0,
  elsewhere: [],
  conflicts: [],
  dependencies: { hard: 0, suggested: 0 },
  skipped: [],
  ...more,
})

export const velocity = (more: object = {}) => ({
  sprint_id: 7,
  velocity_actual: 3,
  total_points: 6,
  completed_points: 3,
  completion_rate: 0.5,
  ...more,
})

export const completed = (more: object = {}) => ({
  sprint: sprint({ status: 'completed' }),
  report: {
    committed_points: 6,
    completed_points: 3,
    completed_initial_points: 3,
    say_do: 0.5,
    carried_over_points: 3,
    carried_over: [{ task_id: 12, code: 'T-12', title: 'Set the chairs', to: 'backlog' }],
    unestimated_tasks: 0,
  },
  ...more,
})

export const noGit = { credentials: [] }
