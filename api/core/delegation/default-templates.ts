/** The files a template makes, by kind; its name in a folder of templates is that of the file. */
export const templateKinds = {
  sprint: 'SPRINT.md',
  task: 'TASK.md',
  agent: 'AGENT.yml',
  adr: 'ADR.md',
  bug: 'BUG.md',
} as const
export type TemplateKind = keyof typeof templateKinds

const sprint = `# {{ sprint.name }}

- **Sprint**: {{ sprint.code }}
- **Status**: {{ sprint.status }}
- **Start**: {{ sprint.start_date }}
- **End**: {{ sprint.end_date }}
- **Planned points**: {{ sprint.velocity_planned }}

## Goal

{{ sprint.goal }}

## Tasks

{{ progress }}
{% for task in tasks %}
- [{{ task.mark }}] {{ task.code }}: {{ task.title }} ({{ task.status }}{% if task.points %}, {{ task.points }} points{% endif %})
{%- endfor %}

## Revision

{{ revision }}

## Notes

`

const task = `# {{ task.title }}

- **Task**: {{ task.code }}
- **Sprint**: {{ sprint.code }}
- **Status**: {{ task.status }}
- **Type**: {{ task.type }}
- **Priority**: {{ task.priority }}
- **Points**: {{ task.points }}
- **Assignee**: {{ task.assignee }}
- **Due**: {{ task.due_date }}

## Description

{{ task.description }}

## Objectives

{% for item in task.objectives -%}
- {{ item }}
{% endfor %}
## Deliverables

{% for item in task.deliverables -%}
- {{ item }}
{% endfor %}
## Acceptance Criteria

{% for item in task.acceptance_criteria -%}
- {{ item }}
{% endfor %}
## Dependencies

{% for needed in dependencies -%}
- {{ needed.code }}: {{ needed.title }} ({{ needed.status }})
{% endfor %}
## Status Updates

{% for update in updates -%}
- {{ update.at }} {{ update.who }}: {{ update.text }}
{% endfor %}
## Revision

{{ revision }}

## Notes

`

/** Values in it are written as JSON, which YAML takes, so that no text can leave its place. */
const agent = `# What the agent that does this task is told. Keys of your own stay, and are kept with the task.
task_id: {{ task.code }}
task_hash: {{ revision }}
parent:
  sprint: {{ sprint.code }}
  sprint_hash: {{ sprint_revision }}
task:
  title: {{ task.title }}
  status: {{ task.status }}
  type: {{ task.type }}
  priority: {{ task.priority }}
  story_points: {{ task.points }}
  assignee: {{ task.assignee }}
  due_date: {{ task.due_date }}
  labels: {{ task.labels }}
  objectives: {{ task.objectives }}
  deliverables: {{ task.deliverables }}
  acceptance_criteria: {{ task.acceptance_criteria }}
`

const adr = `# {{ adr.name }}: {{ adr.title }}

- **Date**: {{ adr.date }}
- **Status**: {{ adr.status }}
{%- if adr.deciders %}
- **Deciders**: {{ adr.deciders }}
{%- endif %}
{%- if adr.supersedes %}
- **Supersedes**: {{ adr.supersedes }}
{%- endif %}
{%- if adr.superseded_by %}
- **Superseded by**: {{ adr.superseded_by }}
{%- endif %}
{%- if adr.context %}

## Context

{{ adr.context }}
{%- endif %}
{%- if adr.decision %}

## Decision

{{ adr.decision }}
{%- endif %}
{%- if adr.consequences %}

## Consequences

{{ adr.consequences }}
{%- endif %}
{%- if adr.alternatives %}

## Alternatives

{{ adr.alternatives }}
{%- endif %}
`

const bug = `# {{ bug.title }}

- **Task**: {{ bug.code }}
- **Status**: {{ bug.status }}
- **Created**: {{ bug.created }}
- **Priority**: {{ bug.priority }}
- **Category**: bug
{%- if bug.component %}
- **Component**: {{ bug.component }}
{%- endif %}
{%- if bug.effort %}
- **Effort**: {{ bug.effort }}
{%- endif %}
{%- if bug.description %}

{{ bug.description }}
{%- endif %}
`

export const defaultTemplates = { sprint, task, agent, adr, bug } as const
