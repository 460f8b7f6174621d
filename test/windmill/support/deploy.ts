import { setTimeout as sleep } from 'node:timers/promises'
import {
  FlowService,
  FolderService,
  HttpTriggerService,
  JobService,
  ResourceService,
  ScheduleService,
  ScriptService,
  VariableService,
} from 'windmill-client'
import { NotTaken } from './not-taken.ts'
import { isAbandoned, type Workspace } from './workspace.ts'

/** Variables and resources: the same on every server. */
export async function createValues(workspace: string, items: Workspace): Promise<void> {
  await eachOf(items.variables, (requestBody) =>
    VariableService.createVariable({ workspace, requestBody }),
  )
  await eachOf(items.resources, (requestBody) =>
    ResourceService.createResource({ workspace, requestBody }),
  )
}

/** The reasons for which a server did not take something, by its path. */
export type Refused = Map<string, string>

/**
 * What the local engine reads from files, for servers that have it in their database. A server may
 * refuse a flow or trigger, for its version or edition: the rules that need it will tell.
 */
export async function createFiles(workspace: string, items: Workspace): Promise<Refused> {
  const refused: Refused = new Map()
  await eachOf([{ path: items.folder }], ({ path: name }) =>
    FolderService.createFolder({ workspace, requestBody: { name } }),
  )
  await eachOf(items.scripts, (requestBody) =>
    ScriptService.createScript({ workspace, requestBody }),
  )
  await eachOf(
    items.flows,
    (requestBody) => FlowService.createFlow({ workspace, requestBody }),
    refused,
  )
  await dependenciesResolved(workspace, items.folder)
  await eachOf(
    items.triggers,
    (requestBody) => HttpTriggerService.createHttpTrigger({ workspace, requestBody }),
    refused,
  )
  await eachOf(
    items.schedules,
    (requestBody) => ScheduleService.createSchedule({ workspace, requestBody }),
    refused,
  )
  return refused
}

async function eachOf<T extends { path: string }>(
  items: T[],
  create: (item: T) => Promise<unknown>,
  refused?: Refused,
): Promise<void> {
  for (const item of items) {
    await create(item).catch((error) => {
      const { status } = error as { status?: number }
      if (!refused || !status || status >= 500) throw new NotTaken(item.path, said(error))
      refused.set(item.path, said(error))
    })
  }
}

/** A refusal's reason stands in its body. */
function said(error: unknown): string {
  const { body, message } = error as { body?: unknown; message: string }
  return body ? `${message}: ${typeof body === 'string' ? body : JSON.stringify(body)}` : message
}

/** What a suite has left that was killed, or lost its connection. */
export async function removeAbandoned(workspace: string): Promise<void> {
  for (const name of await FolderService.listFolderNames({ workspace })) {
    if (isAbandoned(name)) await removeFolder(workspace, name)
  }
}

/** Whatever lies in the folder now, and the folder. @throws naming what could not be removed */
export async function removeFolder(workspace: string, folder: string): Promise<void> {
  const failures: string[] = []
  const attempt = async (what: string, removal: () => Promise<unknown>) => {
    try {
      await removal()
    } catch (error) {
      failures.push(`${what}: ${said(error)}`)
    }
  }
  const each = async (
    list: (page: object) => Promise<{ path: string }[]>,
    remove: (item: { workspace: string; path: string }) => Promise<unknown>,
  ) => {
    await attempt(`listing f/${folder}`, async () => {
      for (const path of await pathsIn(folder, list)) {
        await attempt(path, () => remove({ workspace, path }))
      }
    })
  }
  // What starts jobs goes first.
  await each(
    (page) => ScheduleService.listSchedules({ workspace, ...page }),
    (item) => ScheduleService.deleteSchedule(item),
  )
  await each(
    (page) => HttpTriggerService.listHttpTriggers({ workspace, ...page }),
    (item) => HttpTriggerService.deleteHttpTrigger(item),
  )
  await attempt('what still runs', () => cancelAll(workspace, folder))
  await each(
    (page) => FlowService.listFlows({ workspace, ...page }),
    (item) => FlowService.deleteFlowByPath(item),
  )
  await each(
    (page) => ScriptService.listScripts({ workspace, includeWithoutMain: true, ...page }),
    (item) => ScriptService.deleteScriptByPath(item),
  )
  await each(
    (page) => ResourceService.listResource({ workspace, ...page }),
    (item) => ResourceService.deleteResource(item),
  )
  await each(
    (page) => VariableService.listVariable({ workspace, ...page }),
    (item) => VariableService.deleteVariable(item),
  )
  await attempt(`folder ${folder}`, () => FolderService.deleteFolder({ workspace, name: folder }))
  if (failures.length > 0) {
    throw new Error(`not everything was removed from the server:\n${failures.join('\n')}`)
  }
}

const PAGE = 100

/** Older servers do not filter by path; nothing outside of the folder may slip through. */
async function pathsIn(
  folder: string,
  list: (page: object) => Promise<{ path: string }[]>,
): Promise<string[]> {
  const pathStart = `f/${folder}/`
  const paths: string[] = []
  for (let page = 1; ; page++) {
    const items = await list({ pathStart, page, perPage: PAGE })
    paths.push(...items.map(({ path }) => path).filter((path) => path.startsWith(pathStart)))
    if (items.length < PAGE) return paths
  }
}

async function queued(workspace: string, folder: string, more: object = {}) {
  return JobService.listQueue({
    ...{ workspace, scriptPathStart: `f/${folder}/`, perPage: PAGE, ...more },
  })
}

async function cancelAll(workspace: string, folder: string): Promise<void> {
  for (const { id, parent_job } of await queued(workspace, folder)) {
    if (parent_job) continue
    const requestBody = { reason: 'the suite is over' }
    await JobService.cancelQueuedJob({ workspace, id, requestBody })
  }
}

/** Servers look up what scripts and flows import in jobs of their own. */
async function dependenciesResolved(workspace: string, folder: string): Promise<void> {
  const jobKinds = 'dependencies,flowdependencies'
  while ((await queued(workspace, folder, { jobKinds })).length > 0) await sleep(200)
}
