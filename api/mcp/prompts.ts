import { type GetPromptResult, type Prompt, ProtocolError } from '@modelcontextprotocol/server'
import { invalidParams } from './refusal.ts'

export const prompts: Prompt[] = [
  {
    name: 'start',
    title: 'Start work',
    description: 'Begin on a sprint or a task, or go on with a session, with all there is to know',
    arguments: [
      {
        name: 'entity',
        description: 'S:<sprint code>, T:<task code> or SESSION:<key>',
        required: true,
      },
      { name: 'agent', description: 'the name of your agent profile' },
    ],
  },
  {
    name: 'hand_off',
    title: 'Hand off',
    description: 'Write down where the work stands, and hand the session to another agent',
    arguments: [
      { name: 'session_key', description: 'the session to hand off', required: true },
      { name: 'to_agent', description: 'who goes on', required: true },
    ],
  },
]

/** @throws ProtocolError where there is no such prompt, or an argument is missing */
export function getPrompt(asked: {
  name: string
  arguments?: Record<string, string> | undefined
}): GetPromptResult {
  const prompt = prompts.find((it) => it.name === asked.name)
  if (!prompt) {
    const names = prompts.map((it) => it.name).join(' and ')
    throw new ProtocolError(invalidParams, `There is no prompt ${asked.name}; there are ${names}.`)
  }
  const given = asked.arguments ?? {}
  const missing = prompt.arguments?.find((it) => it.required && !given[it.name]?.trim())
  if (missing) throw new ProtocolError(invalidParams, `The prompt needs ${missing.name}.`)
  const text = prompt.name === 'start' ? start(given) : handOff(given)
  return {
    description: prompt.description ?? '',
    messages: [{ role: 'user', content: { type: 'text', text } }],
  }
}

function start({ entity = '', agent }: Record<string, string>): string {
  const command = /^\s*agent\s+init\b/i.test(entity) ? entity.trim() : `AGENT INIT ${entity.trim()}`
  const who = agent ? ` and agent ${JSON.stringify(agent)}` : ''
  return [
    `Call orchestration_agent_init with command ${JSON.stringify(command)}${who}.`,
    'Read the whole answer: the profile is what you may do, the objectives and acceptance criteria are what counts as done.',
    'Pass its session_key to every further call. Follow its next steps, and note decisions and open questions with orchestration_session_note as you meet them; orchestration_session_show tells what people have answered.',
  ].join('\n')
}

const handOff = ({ session_key, to_agent }: Record<string, string>): string =>
  [
    `Hand the session ${JSON.stringify(session_key)} to ${JSON.stringify(to_agent)}:`,
    '1. With orchestration_session_note, write down what is done, each decision with its reason, and each question that is open; one note each.',
    '2. With orchestration_task_status_update, set the task to what is true.',
    '3. Call orchestration_session_handoff with this session_key and to whom. After it you can change nothing in this session.',
  ].join('\n')
