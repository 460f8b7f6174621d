/** Which lines and sections of a Markdown file are fields. Everything else in it is free text. */
export interface Shape {
  /** The field of the first heading. */
  title: string
  /** Lines such as `- **Status**: todo` above the first section. */
  head: Readonly<Record<string, { field: string; kind: 'word' | 'number' | 'generated' }>>
  /** Sections by their heading of the second level. */
  sections: Readonly<Record<string, { field: string; kind: 'text' | 'list' | 'generated' }>>
}

export const taskShape: Shape = {
  title: 'title',
  head: {
    task: { field: 'generated.Task', kind: 'generated' },
    sprint: { field: 'generated.Sprint', kind: 'generated' },
    status: { field: 'board_status', kind: 'word' },
    type: { field: 'type', kind: 'word' },
    priority: { field: 'priority', kind: 'word' },
    points: { field: 'story_points', kind: 'number' },
    assignee: { field: 'assignee', kind: 'word' },
    due: { field: 'due_date', kind: 'word' },
  },
  sections: {
    description: { field: 'description', kind: 'text' },
    objectives: { field: 'objectives', kind: 'list' },
    deliverables: { field: 'deliverables', kind: 'list' },
    'acceptance criteria': { field: 'acceptance_criteria', kind: 'list' },
    dependencies: { field: 'generated.Dependencies', kind: 'generated' },
    'status updates': { field: 'generated.Status Updates', kind: 'generated' },
    revision: { field: 'generated.Revision', kind: 'generated' },
  },
}

export const sprintShape: Shape = {
  title: 'name',
  head: {
    sprint: { field: 'generated.Sprint', kind: 'generated' },
    status: { field: 'status', kind: 'word' },
    start: { field: 'start_date', kind: 'word' },
    end: { field: 'end_date', kind: 'word' },
    'planned points': { field: 'velocity_planned', kind: 'number' },
  },
  sections: {
    goal: { field: 'goal', kind: 'text' },
    tasks: { field: 'generated.Tasks', kind: 'generated' },
    revision: { field: 'generated.Revision', kind: 'generated' },
  },
}
