import { mkdir, rm } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { afterAll } from 'vitest'
import { buildsDir } from '../../support/builds.ts'
import { type Program, runProgram } from '../../support/program.ts'
import { type Client, client } from './client.ts'
import { SECRET_KEY } from './engine-under-test.ts'

const PROGRAM = fileURLToPath(new URL('./engine-program.ts', import.meta.url))
// Below the project, where the packages that stay out of the bundle are found.
const FOLDER = fileURLToPath(
  new URL('../../../node_modules/.cache/local-windmill-test/', import.meta.url),
)

export type EngineProcess = { url: string; api: Client; program: Program }

/** Bundles the engine as the product is bundled, and answers a way to start such processes. */
export async function engineProcesses(): Promise<
  (databaseUrl: string, root: string) => Promise<EngineProcess>
> {
  const outfile = `${FOLDER}engine-${process.pid}.mjs`
  await mkdir(FOLDER, { recursive: true })
  await build({
    entryPoints: [PROGRAM],
    outfile,
    bundle: true,
    keepNames: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    packages: 'external',
    logLevel: 'warning',
  })
  const started: Program[] = []
  afterAll(async () => {
    await Promise.all(started.map((program) => program.kill('SIGKILL')))
    await rm(outfile, { force: true })
  })
  return async (databaseUrl, root) => {
    const secretKey = SECRET_KEY.toString('base64')
    const options = { databaseUrl, root, secretKey, buildsDir }
    const program = runProgram(outfile, [JSON.stringify(options)])
    started.push(program)
    const { url } = await program.answer<{ url: string }>()
    return { url, api: client(url, 'member'), program }
  }
}
