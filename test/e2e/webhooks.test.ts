import { setTimeout as sleep } from 'node:timers/promises'
import { beforeAll, expect, it, onTestFinished } from 'vitest'
import { senderTo } from '../api/http/webhooks/support/sender.ts'
import { fakeWindmill } from '../api/http/webhooks/support/windmill.ts'
import { type RequestOptions, webhookSecret } from '../support/api.ts'
import { buildProduct, dataFolder, type Product, startProduct } from '../support/product.ts'

beforeAll(buildProduct, 60_000)
const windmill = await fakeWindmill()

async function start(dataDir: string): Promise<Product> {
  const product = await startProduct({
    dataDir,
    env: {
      WINDMILL_BASE_URL: windmill.url,
      WINDMILL_TOKEN: 'a-token-of-windmill',
      DEVGODZILLA_WEBHOOK_SECRET: webhookSecret,
    },
  })
  onTestFinished(async () => {
    await product.sql.end({ timeout: 1 })
    await product.launched.kill()
  })
  return product
}

it('starts the flow of a hook that was acknowledged before a kill -9, once', async () => {
  const { dataDir, remove } = await dataFolder()
  onTestFinished(remove)
  windmill.status = 503
  const before = await start(dataDir)
  await before.api('POST', '/projects', { slug: 'shop', name: 'Shop' })
  const post = async (path: string, body?: unknown, options?: RequestOptions) => {
    const answer = await fetch(before.url + path, {
      method: 'POST',
      headers: options?.headers ?? {},
      body: String(body),
    })
    return { status: answer.status, body: await answer.json() }
  }
  const hook = await senderTo({ post }).ours('/webhooks/speckit', {
    ...{ project: 'shop', spec_path: 'specs/001-shop' },
  })
  expect(hook.status).toBe(202)
  await before.launched.kill()

  windmill.status = 201
  await start(dataDir)
  const [spec] = hook.body.specs
  const started = () =>
    windmill.started.filter(({ path }) => path === 'f/devgodzilla/spec_to_tasks')
  // For as long as the test may take: a busy machine begins late.
  while (started().length === 0) await sleep(20)
  expect(started()).toEqual([
    expect.objectContaining({
      jobId: spec.job_id,
      args: { project_id: expect.any(Number), spec_path: 'specs/001-shop' },
    }),
  ])
})
