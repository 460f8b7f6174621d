import * as z from 'zod'
import { text } from '../core/entities/fields.ts'
import { delegationMode } from '../core/entities/project.ts'
import { byProject, command } from './command.ts'

/** What one sync takes: far above any real folder, within what such a request may hold (64 MB). */
/** A sprint of 10,000 tasks has three files of each: what a sync has written, the next one reads. */
export const delegationLimits = { files: 50_000, fileLength: 1_000_000, templates: 200 } as const

const path = text(1000)
  .regex(/^[^/\\][^\\]*$/, 'must be a path below the root of the repository, with / between')
  .refine(
    (it) => it.split('/').every((part) => part !== '' && part !== '.' && part !== '..'),
    'must not leave the repository',
  )
const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'must be a SHA-256 in lower-case hex')

const repositoryFile = z.strictObject({ path, text: text(delegationLimits.fileLength) })

const filesRead = {
  files: z
    .array(repositoryFile)
    .max(delegationLimits.files)
    .meta({ description: 'every file below delegation/ but .templates, and docs/adr/*.md' }),
  templates: z
    .array(repositoryFile)
    .max(delegationLimits.templates)
    .meta({ description: 'every file below delegation/.templates/' }),
}

const FileProblem = z
  .object({
    path: text(),
    line: z.int().nullable(),
    column: z.int().nullable(),
    message: text(),
  })
  .meta({ id: 'FileProblem', description: 'What keeps a file from being read or written' })

export const FileConflict = z
  .object({
    path: text(),
    field: text(),
    base: z.json(),
    database: z.json(),
    file: z.json(),
  })
  .meta({ id: 'FileConflict', description: 'A field that file and database changed differently' })
export type FileConflict = z.infer<typeof FileConflict>

const FileWrite = z
  .object({ path: text(), text: text(), expected_sha256: sha256.nullable() })
  .meta({ id: 'FileWrite', description: 'Written only where the file still has that hash' })

export const syncDelegation = command({
  name: 'delegation.sync',
  summary: 'Merge the files below delegation/ with the database; says which files to write',
  scope: 'plan',
  method: 'post',
  path: '/projects/:project_id/delegation/sync',
  params: byProject,
  body: z.strictObject({
    ...filesRead,
    expected_round: z.int().min(0).optional().meta({
      description:
        'round of delegation.get, asked before the files were read; refused with sync_overtaken where another sync came between',
    }),
  }),
  output: z
    .object({
      writes: z.array(FileWrite),
      removes: z.array(z.object({ path: text(), expected_sha256: sha256 })),
      conflicts: z.array(FileConflict),
      problems: z.array(FileProblem),
      applied: z
        .object({ sprints: z.int(), tasks: z.int(), fields: z.int(), files: z.int() })
        .meta({ description: 'what the files changed in the database' }),
      overtaken: z.boolean().meta({
        description:
          'another sync came between once that was changed: nothing is to be written; read the files again and send those',
      }),
    })
    .meta({ id: 'DelegationSync' }),
})

export const confirmDelegation = command({
  name: 'delegation.confirm',
  summary: 'Say which files of a sync are written, or gone (sha256: null)',
  scope: 'plan',
  method: 'post',
  path: '/projects/:project_id/delegation/confirm',
  params: byProject,
  body: z.strictObject({
    files: z.array(z.strictObject({ path, sha256: sha256.nullable() })).max(delegationLimits.files),
  }),
  output: z.object({ confirmed: z.int() }),
})

export const checkDelegation = command({
  name: 'delegation.check',
  summary: 'Say where files and database differ, changing nothing',
  scope: 'read',
  method: 'post',
  path: '/projects/:project_id/delegation/check',
  params: byProject,
  body: z.strictObject(filesRead),
  output: z
    .object({
      agrees: z.boolean(),
      differences: z.array(
        z.object({
          path: text(),
          field: text().nullable().meta({ description: 'null: the file as a whole' }),
          changed: z.enum(['file', 'database', 'both']),
          file: z.json(),
          database: z.json(),
        }),
      ),
      problems: z.array(FileProblem),
    })
    .meta({ id: 'DelegationCheck' }),
})

export const listTemplates = command({
  name: 'delegation.templates',
  summary: 'List the templates of sprints, tasks and their agents: ours, and those of a project',
  scope: 'read',
  method: 'get',
  path: '/delegation/templates',
  query: z.object({ project_id: z.coerce.number().int().positive().optional() }),
  output: z.object({
    items: z.array(
      z
        .object({
          template: text().meta({ description: 'what from-template takes as template' }),
          kind: text().meta({ description: 'sprint, task, agent, adr or bug' }),
          path: text().nullable().meta({ description: 'in the repository; null: built in' }),
          text: text(),
        })
        .meta({ id: 'DelegationTemplate' }),
    ),
  }),
})

export const getDelegation = command({
  name: 'delegation.get',
  summary: 'Read how a project keeps files beside the database',
  scope: 'read',
  method: 'get',
  path: '/projects/:project_id/delegation',
  params: byProject,
  output: z
    .object({
      mode: delegationMode,
      round: z.int().meta({
        description: 'how many syncs and confirmations there were, for expected_round',
      }),
    })
    .meta({ id: 'Delegation' }),
})

export const listDelegationFiles = command({
  name: 'delegation.files',
  summary: 'List the files beside the database, as they are known to be in the repository',
  scope: 'read',
  method: 'get',
  path: '/projects/:project_id/delegation/files',
  params: byProject,
  output: z
    .object({ items: z.array(z.object({ path: text(), sha256: text() })) })
    .meta({ id: 'DelegationFiles' }),
})
