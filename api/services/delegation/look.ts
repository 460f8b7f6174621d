import type { InputOf } from '../../commands/command.ts'
import type { checkDelegation, syncDelegation } from '../../commands/delegation.ts'
import { TemplateSets } from '../../core/delegation/template-sets.ts'
import type { Project } from '../../core/entities/project.ts'
import { conflict, found, invalid } from '../../core/errors.ts'
import type { Db } from '../../store/database.ts'
import { delegationFiles, type FileRow } from '../../store/delegation-files.ts'
import { type Rounds, syncRounds } from '../../store/delegation-syncs.ts'
import { findProject } from '../../store/projects.ts'
import { type Ground, readGround } from './ground.ts'
import { Once } from './once.ts'
import { type Merged, merged } from './settle-edits.ts'
import { type Survey, surveyed, type Texts } from './survey.ts'

/** The files of a repository as somebody has sent them, and what was made of them by now. */
export interface Sent {
  projectId: number
  texts: Texts
  templates: { path: string; text: string }[]
  sets: TemplateSets
  once: Once
}

export function sentOf(
  input: InputOf<typeof syncDelegation> | InputOf<typeof checkDelegation>,
): Sent {
  const templates = [...textsOf(input.templates)]
    .map(([path, text]) => ({ path, text }))
    .sort((a, b) => (a.path < b.path ? -1 : 1))
  return {
    projectId: input.project_id,
    texts: textsOf(input.files),
    templates,
    sets: new TemplateSets(templates),
    once: new Once(),
  }
}

/** How the files of a project and the database stand. */
export interface Look {
  rounds: Rounds
  project: Project
  rows: FileRow[]
  /** Files are shown alone: nothing is taken from them. */
  isView: boolean
  ground: Ground
  survey: Survey
  merges: Merged[]
}

/** @throws DomainError `conflict` where the project keeps no files */
export async function lookAround(db: Db, sent: Sent): Promise<Look> {
  const { projectId, texts, sets, once } = sent
  // Read first: as long as it is the same, so is what is known of the files.
  const rounds = await syncRounds(db, projectId)
  const project = await delegating(db, projectId)
  const rows = await delegationFiles(db, projectId)
  const ground = await readGround(db, project, [...texts.keys()], sets)
  const isView = project.settings.delegation === 'read_only'
  const survey = await surveyed(ground, rows, texts, once)
  const merges = await merged(survey.states)
  return { rounds, project, rows, isView, ground, survey, merges }
}

/** @throws DomainError `conflict` where the project keeps no files */
export async function delegating(db: Db, projectId: number): Promise<Project> {
  const project = found(await findProject(db, projectId), 'project', projectId)
  if ((project.settings.delegation ?? 'off') !== 'off') return project
  throw conflict(
    'delegation_is_off',
    `${project.slug} keeps no files beside the database; set its setting delegation to two_way or read_only.`,
  )
}

function textsOf(files: InputOf<typeof syncDelegation>['files']): Texts {
  const texts = new Map(files.map(({ path, text }) => [path, text]))
  if (texts.size === files.length) return texts
  const seen = new Set<string>()
  const twice = files.find(({ path }) => seen.size === seen.add(path).size)
  throw invalid('files', 'path_given_twice', `${twice?.path} is given twice`)
}
