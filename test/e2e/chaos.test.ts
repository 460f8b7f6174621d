import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, expect, it } from 'vitest'
import { runChaos } from '../../scripts/chaos/run.ts'
import { memoryFolder } from '../support/memory-folder.ts'
import { buildProduct } from '../support/product.ts'

beforeAll(buildProduct, 60_000)

/** `npm run chaos` kills two hundred times; this is as much as fits into a test run. */
const kills = 12

it(`loses nothing and doubles nothing over ${kills} kills -9`, async () => {
  const folder = await mkdtemp(join(await memoryFolder(), 'devgodzilla-chaos-'))
  try {
    const report = await runChaos({ kills, seed: 12, folder, say: () => {} })
    expect(report.problems).toEqual([])
    expect(report.kills).toBe(kills)
    expect(report.stories).toBeGreaterThanOrEqual(3)
    expect(report.requestsSentAgain).toBeGreaterThan(0)
    expect(report.jobs).toBeGreaterThanOrEqual(5 * report.stories)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}, 300_000)
