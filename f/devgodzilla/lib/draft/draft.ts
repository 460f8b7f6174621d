import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as z from 'zod'
import { runAgent } from '../agent/run.ts'
import type { AgentConfig, AgentFailure, AgentSpent, Hear } from '../agent/types.ts'
import type { Api } from '../api.ts'
import { ApiRefused } from '../api_errors.ts'
import type { SpecDocument } from '../spec_files.ts'
import { markOf } from './feature_folder.ts'
import { filesBelow, type NewFile } from './new_files.ts'
import { promptAgain, promptFor } from './prompt.ts'
import type { WorkArea } from './work_area.ts'
import { layoutOf, writtenPlan } from './written_plan.ts'
import { writtenSpec } from './written_spec.ts'
import { writtenTasks } from './written_tasks.ts'

/** A document that is asked for. */
export interface Wanted {
  document: SpecDocument
  /** The feature folder. */
  spec_path: string
  request: string
  timeout_seconds: number
  /** Job and step. */
  name: string
}

export interface Draft {
  files: NewFile[]
  summary: string
  spent: AgentSpent
}

/** The agent ended without the document. Another try would be another attempt of the step. */
export class AgentFailed extends Error {
  override readonly name = 'AgentFailed'
  readonly reason: AgentFailure | 'wrong_document'
  readonly spent: AgentSpent

  constructor(reason: AgentFailed['reason'], message: string, spent: AgentSpent) {
    super(message)
    this.reason = reason
    this.spent = spent
  }
}

const tries = 2

/**
 * Has the agent write a document, and looks at what came of it; where that is not right, the agent
 * is told so and tries once more.
 * @returns the files that it added to the feature folder
 * @throws AgentFailed
 */
export async function draft(
  api: Api,
  agent: AgentConfig,
  area: WorkArea,
  wanted: Wanted,
  hear: Hear,
  signal: AbortSignal,
): Promise<Draft> {
  const { document, spec_path } = wanted
  const path = `${spec_path}/${document}`
  await mkdir(join(area.folder, spec_path), { recursive: true })
  const before = new Set((await filesBelow(area.folder, spec_path)).map((file) => file.path))
  const prompt = promptFor(document, spec_path, wanted.request)
  let asked = prompt
  let spent: AgentSpent = { usage: null, cost_usd: null, session_id: null, denied: [] }
  for (let nth = 1; ; nth++) {
    const outcome = await runAgent(
      agent,
      {
        ...{ name: wanted.name, prompt: asked, folder: area.folder },
        timeout_seconds: wanted.timeout_seconds,
        by_rule: (tell) => byRule(area, wanted, tell),
      },
      hear,
      signal,
    )
    spent = sum(spent, outcome)
    if (!outcome.ok) throw new AgentFailed(outcome.reason, outcome.message, spent)
    const files = (await filesBelow(area.folder, spec_path)).filter((it) => !before.has(it.path))
    const written = files.find((file) => file.path === path)
    const complaint = written ? await fault(api, written) : `there is no file ${path}`
    if (complaint === undefined) {
      return { files: files.map((file) => marked(file, wanted)), summary: outcome.summary, spent }
    }
    const denied = spent.denied.length > 0 ? `; it was refused ${spent.denied.join(', ')}` : ''
    if (nth === tries) throw new AgentFailed('wrong_document', `${complaint}${denied}`, spent)
    hear({ stream: 'system', line: `not right yet: ${complaint}` })
    asked = promptAgain(prompt, complaint)
  }
}

const Check = z.looseObject({ recognised: z.number() })

/** What is wrong with a document, if anything is. */
async function fault(api: Api, { path, bytes }: NewFile): Promise<string | undefined> {
  const content = bytes.toString('utf8')
  if (content.trim() === '') return `${path} is empty`
  if (!Buffer.from(content).equals(bytes)) return `${path} is not valid UTF-8`
  if (!path.endsWith('/tasks.md')) return undefined
  try {
    const { recognised } = await api.ask('/specs/actions/check-tasks', { content }, Check)
    return recognised > 0 ? undefined : `${path} has no task: a line such as "- [ ] T001 …"`
  } catch (error) {
    if (error instanceof ApiRefused && error.status === 422) return error.message
    throw error
  }
}

/** A spec.md says which request it was made from, at its end. */
function marked(file: NewFile, { spec_path, request }: Wanted): NewFile {
  if (file.path !== `${spec_path}/spec.md`) return file
  const text = file.bytes.toString('utf8').trimEnd()
  return { ...file, bytes: Buffer.from(`${text}\n\n${markOf(request)}\n`) }
}

/** The document as it can be made without a model. */
async function byRule(area: WorkArea, wanted: Wanted, tell: Hear): Promise<string> {
  const { document, spec_path, request } = wanted
  const folder = join(area.folder, spec_path)
  const spec = () => readFile(join(folder, 'spec.md'), 'utf8')
  const layout = await layoutOf(area.code)
  const text = {
    'spec.md': async () => writtenSpec(request, spec_path),
    'plan.md': async () => writtenPlan(await spec(), spec_path, layout),
    'tasks.md': async () => writtenTasks(await spec(), spec_path, layout),
  }
  await writeFile(join(folder, document), await text[document]())
  const summary = `${spec_path}/${document} is written by rule, without a model`
  tell({ stream: 'system', line: summary })
  return summary
}

function sum(before: AgentSpent, more: AgentSpent): AgentSpent {
  const [a, b] = [before.usage, more.usage]
  const usage =
    a && b
      ? {
          input_uncached: a.input_uncached + b.input_uncached,
          cache_read: a.cache_read + b.cache_read,
          cache_write: a.cache_write + b.cache_write,
          output: a.output + b.output,
          reasoning: a.reasoning + b.reasoning,
        }
      : (b ?? a)
  const costs = [before.cost_usd, more.cost_usd].filter((cost) => cost !== null)
  return {
    usage,
    cost_usd: costs.length > 0 ? costs.reduce((total, cost) => total + cost, 0) : null,
    session_id: more.session_id ?? before.session_id,
    denied: [...new Set([...before.denied, ...more.denied])],
  }
}
