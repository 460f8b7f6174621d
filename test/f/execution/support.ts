import { mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll } from 'vitest'
import type { Json } from '../../support/api.ts'
import { repositoryWith } from '../support/git-repositories.ts'
import type { startInstallation } from '../support/installation.ts'

/**
 * An agent in sh: what it does for a step is in `<folder>/<step>.sh`, run in the step's folder. It
 * notes when it begins and ends; `wait_for x` waits for the file x, `touch "$dir/x"` makes it.
 */
const program = `
set -e
dir=$1
wait_for() { while [ ! -e "$dir/$1" ]; do sleep 0.02; done; }
read -r _ name
cat > "$dir/$name.prompt"
echo "$name begins" >> "$dir/journal"
if [ -f "$dir/$name.sh" ]; then . "$dir/$name.sh"; fi
echo "$name ends" >> "$dir/journal"
echo "did $name"
`

type Installation = Awaited<ReturnType<typeof startInstallation>>
export type Plan = { step_name: string; depends_on?: string[]; qa_required?: boolean }[]

export const pair: Plan = [{ step_name: 'a' }, { step_name: 'b', depends_on: ['a'] }]

export const diamond: Plan = [
  { step_name: 'a' },
  { step_name: 'b', depends_on: ['a'] },
  { step_name: 'c', depends_on: ['a'] },
  { step_name: 'd', depends_on: ['b', 'c'] },
]

let nth = 0
const folders: string[] = []
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))))

/** A project with a plan, and an agent of its own that does each step as told. */
export async function plannedRun(
  house: Pick<Installation, 'ask' | 'setResource'>,
  steps: Plan,
  behaviour: Record<string, string> = {},
  { agent = {}, repository = true }: { agent?: object; repository?: boolean } = {},
) {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'agent-test-')))
  folders.push(folder)
  await writeFile(join(folder, 'agent'), program)
  for (const [step, script] of Object.entries(behaviour)) {
    await writeFile(join(folder, `${step}.sh`), script)
  }
  const command = ['/bin/sh', join(folder, 'agent'), folder]
  await house.setResource(
    'f/devgodzilla/agent',
    { kind: 'command', command, ...agent },
    'c_devgodzilla_agent',
  )
  const local_path = repository ? await repositoryWith({ 'README.md': 'hello\n' }) : null
  const slug = `executed-${++nth}-${process.pid}`
  const project = await house.ask<Json>('POST', '/projects', {
    ...{ slug, name: slug, ...(local_path && { local_path }) },
    settings: { auto_create_sprint: false },
  })
  const run = await house.ask<Json>('POST', '/protocols', {
    ...{ project_id: project.id, protocol_name: 'Executed', steps },
  })
  const journal = async () =>
    (await readFile(join(folder, 'journal'), 'utf8').catch(() => '')).split('\n').filter(Boolean)
  return {
    id: run.id as number,
    repository: local_path ?? '',
    branch: `devgodzilla/run-${run.id}`,
    step: (name: string): number => run.steps.find((it: Json) => it.step_name === name).id,
    journal,
    /** Waits until the agent has noted this. */
    async noted(line: string) {
      for (let waited = 0; waited < 20_000; waited += 20) {
        if ((await journal()).includes(line)) return
        await sleep(20)
      }
      throw new Error(`"${line}" was not noted: ${await journal()}`)
    },
    behave: (step: string, script: string) => writeFile(join(folder, `${step}.sh`), script),
    open: (name: string) => writeFile(join(folder, name), ''),
    read: (name: string) => readFile(join(folder, name), 'utf8'),
    get: () => house.ask<Json>('GET', `/protocols/${run.id}`),
    async statuses(): Promise<Record<string, string>> {
      const { items } = await house.ask<Json>('GET', `/protocols/${run.id}/steps`)
      return Object.fromEntries(items.map((it: Json) => [it.step_name, it.status]))
    },
    act: (action: string, body: object = {}) =>
      house.ask<Json>('POST', `/protocols/${run.id}/actions/${action}`, body),
  }
}

/** Asks until it is so; fails with the last answer. */
export async function until<T>(ask: () => Promise<T>, is: (answer: T) => boolean): Promise<T> {
  for (let waited = 0; ; waited += 30) {
    const answer = await ask()
    if (is(answer)) return answer
    if (waited > 20_000) throw new Error(`it did not come to be: ${JSON.stringify(answer)}`)
    await sleep(30)
  }
}

/** Whether a process runs; one that has ended and waits to be looked at does not. */
export async function isAlive(pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, 'latin1').catch(() => '')
  return stat !== '' && !stat.slice(stat.lastIndexOf(')')).startsWith(') Z')
}
