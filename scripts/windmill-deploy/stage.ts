import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { stringify } from 'yaml'
import type { Step } from './plan.ts'

/** A private copy of what is to be pushed and nothing else, below which wmill sees nothing of ours. */
export interface Stage {
  folder: string
  /** Where wmill keeps its settings, away from those of the user. */
  configFolder: string
  [Symbol.asyncDispose](): Promise<void>
}

const settings = {
  defaultTs: 'bun',
  includes: ['f/**'],
  excludes: [],
  codebases: [],
  nonDottedPaths: true,
  syncBehavior: 'v1',
  includeSchedules: true,
  includeTriggers: true,
  workspaces: {},
}

export async function stageOf(root: string, steps: Step[]): Promise<Stage> {
  // Readable by its owner alone: wmill's settings hold the token.
  const place = await mkdtemp(join(tmpdir(), 'devgodzilla-deploy-'))
  const folder = join(place, 'workspace')
  const configFolder = join(place, 'config')
  await mkdir(folder)
  await mkdir(configFolder)
  await writeFile(join(folder, 'wmill.yaml'), stringify(settings))
  for (const { item, fields } of steps) {
    for (const file of item.files) {
      const target = join(folder, file)
      await mkdir(dirname(target), { recursive: true })
      // A schedule or trigger is one document, which the plan may have adapted to the server.
      const whole = item.kind === 'schedule' || item.kind === 'http trigger'
      if (whole) await writeFile(target, stringify(fields))
      else await cp(join(root, file), target)
    }
  }
  return {
    folder,
    configFolder,
    [Symbol.asyncDispose]: () => rm(place, { recursive: true, force: true }),
  }
}
