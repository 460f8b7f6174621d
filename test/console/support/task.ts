import type { StoredEvent, Task } from '../../../console/src/api/types.ts'

/** A card as the API answers it; a test names what matters to it. */
export function task(given: Partial<Task> = {}): Task {
  const id = given.id ?? 1
  return {
    id,
    project_id: 1,
    sprint_id: 1,
    protocol_run_id: null,
    step_run_id: null,
    spec_id: null,
    external_id: null,
    occurrence: null,
    code: `DEMO-${id}`,
    type: 'task',
    title: `Card ${id}`,
    description: '',
    board_status: 'todo',
    blocked_reason: null,
    skipped: false,
    priority: 'medium',
    story_points: 3,
    hand_set: [],
    labels: [],
    acceptance_criteria: [],
    objectives: [],
    deliverables: [],
    agent_config: {},
    assignee: null,
    position: 0,
    due_date: null,
    started_at: null,
    completed_at: null,
    created_at: '2026-01-01T00:00:00.000Z',
    updated_at: '2026-01-01T00:00:00.000Z',
    ...given,
  }
}

let lastEventId = 0

export function event(given: Partial<StoredEvent> & { type: string }): StoredEvent {
  lastEventId += 1
  return {
    id: lastEventId,
    cursor: `7-${lastEventId}`,
    level: 'info',
    entity_type: given.type.split('.')[0] ?? '',
    entity_id: 1,
    project_id: 1,
    sprint_id: 1,
    protocol_run_id: null,
    correlation_id: 'test',
    causation_id: null,
    session_key: null,
    agent: null,
    actor: 'admin',
    payload: {},
    emitted_at: '2026-01-02T00:00:00.000Z',
    ...given,
  }
}
