import { expect, test } from 'vitest'
import { changesOf, fuzzer } from '../../../scripts/fuzz/changes.ts'
import { contractOf } from '../../../scripts/fuzz/contract.ts'
import { operationsOf } from '../../../scripts/fuzz/operations.ts'
import { fuzz } from '../../../scripts/fuzz/run.ts'
import { outgoing } from '../../../scripts/fuzz/story.ts'
import { testApi } from '../../support/api.ts'

/** A short run, the same each time; `npm run fuzz` is a long one. */
const effort = { seed: 20260101, runs: 24 }

const api = await testApi({ outgoing })
const { secret: token } = (await api.post('/tokens', { name: fuzzer, role: 'admin' })).body
const document = (await api.get('/openapi.json')).body
const contract = contractOf(document)
const newChanges = changesOf(api.database.sql)
const target = { url: api.url, token, document, contract, newChanges }

const operations = operationsOf(document)
const carriedOut = new Set<string>()

test.each(operations.map((it) => [it.id, it] as const))(
  '%s answers as described, whatever it is sent, and changes nothing where it refuses',
  async (id, operation) => {
    const tally = await fuzz(target, operation, effort)
    if ([...tally.keys()].some((status) => status < 400)) carriedOut.add(id)
  },
)

test('nearly all of them were carried out too: to be refused at the door would try nothing', () => {
  // No engine answers here, so there is no job of one to read or act on.
  const ofJob = ({ parameters }: (typeof operations)[number]) =>
    parameters.some(({ name }) => name === 'job_id')
  const behind = operations.filter((it) => !it.open && !ofJob(it)).map(({ id }) => id)
  const never = behind.filter((id) => !carriedOut.has(id))
  expect(never.length, never.join(', ')).toBeLessThan(behind.length / 8)
})

test('whatever changed a sprint or task left a revision, on the account of a request', async () => {
  const { body } = await api.get('/revisions/verification')
  expect(body.faults).toEqual([])
  expect(body.revisions).toBeGreaterThan(100)
  const unaccounted = await api.database.sql`
    select entity_type, entity_id, number from revisions where correlation_id is null`
  expect(unaccounted).toEqual([])
})
