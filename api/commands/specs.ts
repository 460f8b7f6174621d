import * as z from 'zod'
import { id, metadata, name, text } from '../core/entities/fields.ts'
import { Spec, specStatus } from '../core/entities/spec.ts'
import { bySpec, bySprint, command, listOf, page } from './command.ts'

/** A folder or its tasks.md, relative to the repository. Confinement is checked when it is read. */
export const specPath = text(800)
  .min(1)
  .refine(
    (path) => !/^([/\\]|[A-Za-z]:)/.test(path) && !path.split(/[/\\]/).includes('..'),
    'must be relative to the repository, without ".."',
  )
  .refine((path) => !/(^|[/\\])\s+([/\\]|$)/.test(path), 'must not have a blank part')
  .meta({ description: 'specs/001-name or specs/001-name/tasks.md' })

export const ImportReport = z
  .object({
    spec_id: id,
    sprint_id: id.nullable().meta({ description: 'where new tasks went; null is the backlog' }),
    content_hash: text().meta({ description: 'sha256 of the text that was imported' }),
    recognised: z.int().meta({ description: 'tasks found in the file' }),
    created: z.int(),
    updated: z.int(),
    unchanged: z.int(),
    archived: z.array(z.object({ task_id: id, external_id: text() })),
    moved: z.int().meta({ description: 'backlog tasks taken into the sprint' }),
    elsewhere: z
      .array(z.object({ task_id: id, external_id: text(), sprint_id: id }))
      .meta({ description: 'tasks left where they are, in another sprint' }),
    conflicts: z.array(
      z.object({ task_id: id, field: text(), file: z.json(), board: z.json(), base: z.json() }),
    ),
    dependencies: z.object({ hard: z.int(), suggested: z.int() }),
    skipped: z
      .array(z.object({ line: z.int(), text: text(), reason: text() }))
      .meta({ description: 'lines that looked like tasks and were not taken' }),
  })
  .meta({ id: 'ImportReport' })
export type ImportReport = z.infer<typeof ImportReport>

const source = {
  overwrite_existing: z
    .boolean()
    .default(false)
    .meta({ description: 'where file and board both changed, take the file' }),
  content: text(8_000_000)
    .optional()
    .meta({ description: 'the text of tasks.md; without it the local checkout is read' }),
  commit: text(100).optional(),
  expected_imports: z.int().min(0).optional().meta({
    description:
      'the spec’s `imports` from before its tasks.md was read (0 while it is unknown): 409 where another import came between, so that an older file never overwrites a newer',
  }),
}

export const listSpecs = command({
  name: 'spec.list',
  summary: 'List specs',
  scope: 'read',
  method: 'get',
  path: '/specs',
  query: z.object({
    ...page,
    project_id: z.coerce.number().int().positive().optional(),
    path: specPath.optional(),
  }),
  output: listOf(Spec),
})

export const createSpec = command({
  name: 'spec.create',
  summary: 'Create a spec',
  scope: 'plan',
  method: 'post',
  path: '/specs',
  status: 201,
  body: z.strictObject({
    project_id: id,
    path: specPath,
    name: name().optional().meta({ description: 'default: the folder’s name' }),
    status: specStatus.default('active'),
    planning: metadata.default({}),
  }),
  output: Spec,
})

export const getSpec = command({
  name: 'spec.get',
  summary: 'Read a spec',
  scope: 'read',
  method: 'get',
  path: '/specs/:spec_id',
  params: bySpec,
  output: Spec,
})

export const updateSpec = command({
  name: 'spec.update',
  summary: 'Change a spec',
  scope: 'plan',
  method: 'patch',
  path: '/specs/:spec_id',
  params: bySpec,
  body: z.strictObject({
    name: name().optional(),
    path: specPath.optional(),
    status: specStatus.optional(),
    planning: metadata.optional(),
  }),
  output: Spec,
})

export const deleteSpec = command({
  name: 'spec.delete',
  summary: 'Archive a spec and its open tasks',
  scope: 'plan',
  method: 'delete',
  path: '/specs/:spec_id',
  params: bySpec,
  output: Spec,
})

export const checkTasks = command({
  name: 'spec.check_tasks',
  summary: 'Read a tasks.md as an import would, and change nothing',
  scope: 'work',
  method: 'post',
  path: '/specs/actions/check-tasks',
  body: z.strictObject({ content: text(8_000_000) }),
  output: z
    .object({
      recognised: ImportReport.shape.recognised,
      dependencies: ImportReport.shape.dependencies,
      skipped: ImportReport.shape.skipped,
    })
    .meta({ id: 'TasksCheck' }),
})

const PreviewedTask = z
  .object({
    line: z.int(),
    external_id: text(),
    occurrence: z.int(),
    title: text(),
    mark: z.enum(['open', 'done', 'in_progress', 'cancelled']),
    labels: z.array(text()).meta({ description: 'with the user story, such as US1' }),
    phase: text().nullable(),
    assignee: text().nullable(),
    story_points: z.int().nullable().meta({ description: 'as the file says; null: it does not' }),
    depends_on: z.array(text()).meta({ description: 'ids, hard dependencies alone' }),
    task_id: id.nullable().meta({ description: 'the card it has; null: it would get one' }),
    outcome: z.enum(['new', 'changed', 'unchanged', 'kept']).meta({
      description: 'kept: the card is in a sprint that has ended, which is read-only',
    }),
    changes: z.array(z.object({ field: text(), from: z.json(), to: z.json() })),
    moved: z.boolean().meta({ description: 'its card would be taken out of the backlog' }),
  })
  .meta({ id: 'PreviewedTask' })

export const ImportPreview = ImportReport.omit({
  spec_id: true,
  created: true,
  updated: true,
  unchanged: true,
})
  .extend({
    spec_id: id.nullable().meta({ description: 'null: the import would create the spec' }),
    spec_path: text(),
    imports: ImportReport.shape.recognised.meta({
      description: 'of the spec until now, for expected_imports',
    }),
    seen_before: z.boolean().meta({ description: 'this very text was imported last' }),
    tasks: z.array(PreviewedTask),
  })
  .meta({ id: 'ImportPreview' })
export type ImportPreview = z.infer<typeof ImportPreview>

export const previewImport = command({
  name: 'spec.preview_import',
  summary: 'What an import of a tasks.md would do to the board as it is; nothing is changed',
  scope: 'plan',
  method: 'post',
  path: '/specs/actions/preview-import',
  body: z.strictObject({
    project_id: id,
    spec_path: specPath,
    sprint_id: id.nullish().meta({ description: 'where new tasks would go; default: the backlog' }),
    content: source.content,
    overwrite_existing: source.overwrite_existing,
  }),
  output: ImportPreview,
})

export const importSpecTasks = command({
  name: 'spec.import_tasks',
  summary: 'Import tasks.md into the newest open sprint of this spec, else the backlog',
  scope: 'plan',
  method: 'post',
  path: '/specs/:spec_id/actions/import-tasks',
  params: bySpec,
  body: z.strictObject({
    ...source,
    take_backlog: z
      .boolean()
      .default(true)
      .meta({ description: 'tasks that wait in the backlog go along into the sprint' }),
    into: z.enum(['newest_sprint', 'backlog']).default('newest_sprint').meta({
      description: 'where new tasks go: the newest open sprint of this spec, or the backlog',
    }),
  }),
  output: ImportReport,
})

export const importSprintTasks = command({
  name: 'sprint.import_tasks',
  summary: 'Import a spec’s tasks.md into this sprint',
  scope: 'plan',
  method: 'post',
  path: '/sprints/:sprint_id/actions/import-tasks',
  params: bySprint,
  body: z.strictObject({ spec_path: specPath, ...source }).meta({ id: 'ImportTasksRequest' }),
  output: ImportReport,
})

export const exportSprintTasks = command({
  name: 'sprint.export_tasks',
  summary: 'The tasks.md files of this sprint with today’s ticks',
  scope: 'work',
  method: 'post',
  path: '/sprints/:sprint_id/actions/export-tasks',
  params: bySprint,
  body: z.strictObject({
    output_path: specPath
      .optional()
      .meta({ description: 'also write the whole sprint as a fresh tasks.md for this place' }),
  }),
  output: z
    .object({
      files: z.array(
        z.object({
          spec_id: id.nullable(),
          spec_path: text(),
          content: z.string(),
          base_hash: text()
            .nullable()
            .meta({ description: 'sha256 of the text the ticks were put into; null: a new file' }),
          changed: z.array(text()).meta({ description: 'ids whose mark differs from the base' }),
          unpatchable: z.array(z.object({ external_id: text(), reason: text() })),
        }),
      ),
    })
    .meta({ id: 'ExportedTasks' }),
})
