import { storable } from '../agent/lines.ts'
import { agentName } from '../agent/run.ts'
import type { AgentConfig, Hear } from '../agent/types.ts'
import { Artifact, Project, StepRun } from '../answers.ts'
import type { Api } from '../api.ts'
import { message } from '../files.ts'
import type { GitResource } from '../git.ts'
import { currentJob } from '../job.ts'
import { itemsOf } from '../pages.ts'
import { withRepository } from '../repository.ts'
import { documentsIn, type SpecDocument } from '../spec_files.ts'
import { beginStep, spentBody, whileRunning } from '../step/report.ts'
import { requireDocument, type SpecStage } from './documents.ts'
import { AgentFailed, type Draft, draft } from './draft.ts'
import { withWorkArea } from './work_area.ts'

export interface Writing {
  api: Api
  git: GitResource
  agent: AgentConfig
  project_id: number
  spec_path: string
  document: SpecDocument
  request: string | null | undefined
  /** The planning run that asks for documents; null where all are there. */
  protocol_id: number | null | undefined
}

export const stepOf: Record<SpecDocument, string> = {
  'spec.md': 'specify',
  'plan.md': 'plan',
  'tasks.md': 'tasks',
}

/** Half an hour, for each of two tries: the flow gives the step a little more. */
const timeout_seconds = 1800

/** Sees to it that a feature folder holds a document: it is taken as it is, else it is written. */
export async function writeDocument(writing: Writing): Promise<SpecStage> {
  const { api, git, project_id, spec_path, document, protocol_id, request } = writing
  const planned = protocol_id && request ? await stepFor(api, protocol_id, document) : undefined
  if (!planned || planned.status === 'completed') {
    return requireDocument(api, git, project_id, document, spec_path)
  }
  const name = agentName(writing.agent)
  const { step, log } = await beginStep(api, planned, name)
  const end = (action: string, body: object) =>
    api.ask(`/steps/${step.id}/actions/${action}`, body, StepRun)
  try {
    const { files, drafted } = await write(writing, request ?? '', step.id, log.add)
    for (const { path, bytes } of drafted?.files ?? []) {
      const artifact = { name: path, media_type: 'text/markdown', content: bytes.toString('utf8') }
      await api.ask(`/steps/${step.id}/artifacts`, artifact, Artifact)
    }
    if (!drafted) {
      log.add({ stream: 'system', line: `${spec_path}/${document} is there: taken as it is` })
    }
    await log.close()
    await end('complete', drafted ? spentBody(drafted.spent) : {})
    return { spec_path, files, notes: [] }
  } catch (error) {
    await log.close()
    const failed = error instanceof AgentFailed ? error : undefined
    if (failed?.reason !== 'cancelled') {
      const timedOut = failed?.reason === 'timeout' || failed?.reason === 'silence'
      const reason = storable(message(error).slice(0, 10_000))
      const spent = failed ? spentBody(failed.spent) : {}
      await end(timedOut ? 'timeout' : 'fail', { reason, ...spent })
    }
    throw error
  }
}

async function stepFor(
  api: Api,
  protocol_id: number,
  document: SpecDocument,
): Promise<StepRun | undefined> {
  for await (const step of itemsOf(api, `/protocols/${protocol_id}/steps`, StepRun)) {
    if (step.step_name === stepOf[document]) return step
  }
  return undefined
}

/** What the folder holds then; no draft where the document has come meanwhile. */
interface Written {
  files: SpecDocument[]
  drafted?: Draft
}

async function write(
  { api, git, agent, project_id, spec_path, document }: Writing,
  request: string,
  stepId: number,
  hear: Hear,
): Promise<Written> {
  const project = await api.get(`/projects/${project_id}`, Project)
  return withRepository(project, git, async (repository) => {
    const files = await documentsIn(repository, spec_path)
    // It may have been this step that wrote it, before it was killed.
    if (files.includes(document)) return { files }
    const name = stepOf[document]
    const withCode = (agent.kind ?? 'builtin') !== 'builtin'
    return withWorkArea(project, git, repository, { spec_path, name, withCode }, async (area) => {
      const wanted = {
        document,
        spec_path,
        request,
        timeout_seconds,
        name: `${currentJob().id}/${name}`,
      }
      const drafted = await whileRunning(api, stepId, null, async (signal, look) => {
        const made = await draft(api, agent, area, wanted, hear, signal)
        await look()
        if (!signal.aborted) return made
        throw new AgentFailed('cancelled', `${name} was cancelled: nothing is kept`, made.spent)
      })
      const message = `Add ${spec_path}/${document} (${agentName(agent)})`
      for (const path of await area.land(inOrder(drafted.files, document), message)) {
        hear({ stream: 'stderr', line: `${path} was there already, and stays as it was` })
        if (path === `${spec_path}/${document}`) {
          throw new Error(
            `${path} came into the repository meanwhile, so nothing was written over it: run the flow again`,
          )
        }
      }
      return { files: [...files, document], drafted }
    })
  })
}

/** The document last: once it is there, the step is done. */
const inOrder = (files: Draft['files'], document: SpecDocument) => [
  ...files.filter(({ path }) => !path.endsWith(`/${document}`)),
  ...files.filter(({ path }) => path.endsWith(`/${document}`)),
]
