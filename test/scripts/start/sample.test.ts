import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { expect, onTestFinished, test } from 'vitest'
import { setUpSample } from '../../../scripts/start/sample.ts'

/** Sets the sample up with an API that has these projects, and takes no others. */
async function setUpWith(projects: object[], sprintIntegration = true) {
  const dataDir = await mkdtemp(join(tmpdir(), 'devgodzilla-sample-'))
  onTestFinished(() => rm(dataDir, { recursive: true }))
  const server = createServer(({ method }, response) => {
    response.writeHead(method === 'GET' ? 200 : 409, { 'Content-Type': 'application/json' })
    response.end(JSON.stringify(method === 'GET' ? { items: projects } : { detail: 'No more.' }))
  }).listen(0, '127.0.0.1')
  onTestFinished(() => void server.close())
  await once(server, 'listening')
  const apiUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const said: string[] = []
  const log = pino({ level: 'silent' })
  const set = { apiUrl, windmill: null, token: 'x', dataDir, log, sprintIntegration }
  const made = setUpSample({ ...set, say: (line) => said.push(line) })
  return { said, made: await made.catch((error: Error) => error.message) }
}

test('whoever waits for a start is told that a sample is set up, and nothing where none is', async () => {
  expect(await setUpWith([])).toEqual({
    said: [expect.stringContaining('Setting up a sample project')],
    made: 'No more.',
  })
  expect(await setUpWith([{ id: 1 }])).toEqual({ said: [], made: null })
})

test('no half of a sample is made where the sprint integration is off', async () => {
  expect(await setUpWith([], false)).toEqual({ said: [], made: null })
})
