import * as z from 'zod'
import { Artifact, type PlanStep, type ProtocolRun, Spec, Task } from '../answers.ts'
import type { Api } from '../api.ts'
import { itemsOf } from '../pages.ts'
import { documents, folderPath, readFile } from '../spec_files.ts'

const Card = Task.extend({ description: z.string(), acceptance_criteria: z.array(z.string()) })

/** Where an agent may leave files for people, within its folder. */
export const artifactsFolder = '.devgodzilla/artifacts'

/** Of one document, in characters; the agent finds the rest in its folder. */
const longest = 30_000
const longestArtifact = 8_000
const longestBrief = 200_000

export interface Briefing {
  run: ProtocolRun & { spec_id: number | null }
  step: PlanStep
  /** All steps of the run. */
  steps: PlanStep[]
  /** The agent's folder, and the branch its work goes to; null where there is no repository. */
  place: { folder: string; branch: string } | null
}

/** All that an agent is told about a step: what is wanted, what is known, what came before. */
export async function briefOf(api: Api, { run, step, steps, place }: Briefing): Promise<string> {
  const taskId = step.linked_task_id ?? step.task_id
  const card = taskId === null ? undefined : await api.get(`/tasks/${taskId}`, Card)
  const specId = run.spec_id ?? card?.spec_id ?? null
  const parts = [
    `# ${step.step_name}`,
    `This is one step, of the type ${step.step_type}, of the plan "${run.protocol_name}". ` +
      'Do this step and nothing beyond it.',
    ...wanted(step, card),
    '## How to work',
    place
      ? `The folder you are in is a private checkout of the branch ${place.branch}. Change files as ` +
        'the step needs. What you leave is committed for you: do not commit or push.'
      : 'The project has no repository: the folder you are in is empty and goes away afterwards.',
    `Whatever people should see besides, such as reports, leave as text files in ${artifactsFolder}.`,
    'End with a short summary of what you did and what is left.',
    ...(specId !== null && place ? await specification(api, specId, place.folder) : []),
    ...(await earlierWork(
      api,
      steps.filter(({ id }) => step.depends_on.includes(id)),
    )),
  ]
  return cut(`${parts.join('\n\n')}\n`, longestBrief)
}

function wanted(step: PlanStep, card: z.infer<typeof Card> | undefined): string[] {
  if (!card) return []
  const { title, description, acceptance_criteria: criteria } = card
  const told = [title === step.step_name ? '' : title, description.trim()].filter(Boolean)
  return [
    ...(told.length === 0 ? [] : [`## What is wanted (${card.code})`, ...told]),
    ...(criteria.length === 0
      ? []
      : ['## It is done when', criteria.map((it) => `- ${it}`).join('\n')]),
  ]
}

async function specification(api: Api, specId: number, root: string): Promise<string[]> {
  const folder = folderPath((await api.get(`/specs/${specId}`, Spec)).path)
  const parts: string[] = []
  for (const name of documents) {
    const bytes = await readFile(root, `${folder}/${name}`)
    if (bytes) parts.push(`## ${folder}/${name}`, cut(bytes.toString('utf8'), longest))
  }
  return parts
}

async function earlierWork(api: Api, before: PlanStep[]): Promise<string[]> {
  const parts: string[] = []
  for (const step of before) {
    for await (const artifact of itemsOf(api, `/steps/${step.id}/artifacts`, Artifact)) {
      if (artifact.attempt !== step.attempt || artifact.name === 'brief.md') continue
      const text = artifact.content ?? artifact.uri ?? ''
      parts.push(`## From "${step.step_name}": ${artifact.name}`, cut(text, longestArtifact))
    }
  }
  return parts
}

const cut = (text: string, length: number) =>
  text.length > length ? `${text.slice(0, length).toWellFormed()}\n… (cut)` : text
