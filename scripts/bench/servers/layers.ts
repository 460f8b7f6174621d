import { readFileSync } from 'node:fs'
import type { Profiler } from 'node:inspector/promises'
import { Session } from 'node:inspector/promises'
import { fileURLToPath } from 'node:url'

/** Time on the processor by layer (ms). */
export type Layers = Record<string, number>

/** What a file is part of: of our sources by their paths, of packages by their names. */
const parts: readonly [RegExp, string][] = [
  [/^api\/http\/requests\.ts|node_modules\/pino/, 'request_id_and_log'],
  [/^api\/http\/metrics\.ts|node_modules\/prom-client/, 'metrics'],
  [/^api\/http\/authentication\.ts|^api\/services\/access\//, 'authentication'],
  [/^api\/http\/rate-limit\.ts|node_modules\/rate-limiter-flexible/, 'rate_limit'],
  [/hono\/dist\/middleware\/body-limit/, 'body_limit'],
  [/^api\/http\/input\.ts|node_modules\/zod/, 'validation'],
  [/^api\/http\/problem\.ts/, 'problem'],
  [/^api\/(http\/mount-verb\.ts|services\/)/, 'verb'],
  [/^api\/store\/|node_modules\/postgres\//, 'query'],
  [/hono\/dist\/(compose|hono-base|router)|@hono\/node-server|^node:/, 'http'],
]

/** Begins to sample what this process does; the answered function ends that and sums it up. */
export async function startProfile(): Promise<() => Promise<Layers>> {
  const session = new Session()
  session.connect()
  await session.post('Profiler.enable')
  await session.post('Profiler.setSamplingInterval', { interval: 200 })
  await session.post('Profiler.start')
  return async () => {
    const { profile } = await session.post('Profiler.stop')
    session.disconnect()
    return layersOf(profile)
  }
}

/** The time of each function goes to the layer it is part of, else to that of its caller. */
function layersOf({ nodes, samples = [], timeDeltas = [] }: Profiler.Profile): Layers {
  const byId = new Map(nodes.map((node) => [node.id, node]))
  const own = new Map<number, number>()
  for (const [index, id] of samples.entries()) {
    own.set(id, (own.get(id) ?? 0) + (timeDeltas[index] ?? 0) / 1000)
  }
  const layers: Layers = {}
  const visit = (node: Profiler.ProfileNode, above: string) => {
    const layer = layerOf(node.callFrame) ?? above
    layers[layer] = (layers[layer] ?? 0) + (own.get(node.id) ?? 0)
    for (const id of node.children ?? []) {
      const child = byId.get(id)
      if (child) visit(child, layer)
    }
  }
  const [root] = nodes
  if (root) visit(root, 'other')
  return layers
}

function layerOf({ functionName, url, lineNumber }: Profiler.ProfileNode['callFrame']) {
  if (functionName === '(garbage collector)') return 'garbage_collection'
  if (functionName === '(idle)') return 'idle'
  const file = url.startsWith('file:') ? sourceOf(fileURLToPath(url), lineNumber) : url
  return parts.find(([pattern]) => pattern.test(file))?.[1]
}

const bundles = new Map<string, { line: number; source: string }[]>()

/** The file a line of a bundle came from, as the bundler notes it above each; else the file itself. */
function sourceOf(file: string, line: number): string {
  if (file.includes('node_modules')) return file
  const marks = bundles.get(file) ?? marksIn(file)
  bundles.set(file, marks)
  return marks.findLast((mark) => mark.line <= line)?.source ?? file
}

const marksIn = (file: string) =>
  readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((text, line) => {
      const source = /^\/\/ (\S+\.ts)$/.exec(text)?.[1]
      return source === undefined ? [] : [{ line, source }]
    })
