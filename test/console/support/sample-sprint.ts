import type { TestApi } from '../../support/api.ts'

const tasksFile = `# Tasks: Daily streaks

## Phase 1: Setup

- [x] T001 Create the module layout in src/streaks/

## Phase 2: User Story 1 - See the streak (Priority: P1)

- [ ] T002 [US1] Store a check-in per habit and day in src/streaks/store.ts
- [ ] T003 [P] [US1] Count consecutive days in src/streaks/count.ts
- [ ] T004 [US1] Show the streak on the habit page in src/pages/habit.tsx
`

export interface SampleSprint {
  projectId: number
  sprintId: number
  slug: string
  code: string
  /** Ids of the run's three steps, in order. */
  steps: number[]
  /** Path of the board below the console. */
  board: string
  addCard(title: string): Promise<void>
}

let made = 0

/** A started sprint with four cards of a file and three of a run. */
export async function sampleSprint(api: TestApi): Promise<SampleSprint> {
  made += 1
  const slug = `streaks-${made}`
  const post = async (path: string, body: object) => {
    const answer = await api.post(path, body)
    if (answer.status >= 300) throw new Error(`${path}: ${JSON.stringify(answer.body)}`)
    return answer.body
  }
  const project = await post('/projects', { slug, name: `Streaks ${made}` })
  const spec_path = 'specs/001-daily-streaks'
  const spec = await post('/specs', { project_id: project.id, path: spec_path })
  const sprint = await post('/sprints', {
    project_id: project.id,
    spec_id: spec.id,
    name: 'Daily streaks',
    goal: 'People see how many days in a row they kept a habit.',
    start_date: '2026-01-12',
    end_date: '2026-01-26',
  })
  await post(`/sprints/${sprint.id}/actions/import-tasks`, { spec_path, content: tasksFile })
  const run = await post('/protocols', {
    project_id: project.id,
    protocol_name: 'deliver streaks',
    steps: [
      { step_name: 'Plan', story_points: 2 },
      { step_name: 'Build', story_points: 5, depends_on: ['Plan'] },
      { step_name: 'Write notes', story_points: 1 },
    ],
  })
  await post(`/sprints/${sprint.id}/actions/link-protocol`, { protocol_run_id: run.id })
  await post(`/sprints/${sprint.id}/actions/start`, {})
  return {
    projectId: project.id,
    sprintId: sprint.id,
    slug,
    code: sprint.code,
    steps: run.steps.map((step: { id: number }) => step.id),
    board: `/projects/${slug}/sprints/${sprint.code}`,
    addCard: (title) =>
      post('/tasks', { project_id: project.id, sprint_id: sprint.id, title, story_points: 1 }),
  }
}
