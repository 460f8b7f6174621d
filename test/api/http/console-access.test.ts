import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { chromium } from 'playwright-core'
import { afterAll, describe, expect, test } from 'vitest'
import { startApi } from '../../../api/main.ts'
import { clientOf } from '../../support/api.ts'
import { testDatabase } from '../../support/database.ts'
import { requireTool } from '../../support/requires.ts'
import { openSocket, openStream } from '../support/streams.ts'

const database = await testDatabase()
const folder = await mkdtemp(join(tmpdir(), 'devgodzilla-console-'))
const consoleDir = join(folder, 'console')
await mkdir(join(consoleDir, 'assets'), { recursive: true })
await writeFile(join(consoleDir, 'index.html'), '<!doctype html><title>Console</title>')
await writeFile(join(consoleDir, 'assets/index-abc.js'), 'export {}')
await writeFile(join(folder, 'secret.js'), 'secret')
const adminToken = 'console-admin-token'
const api = await startApi({
  databaseUrl: database.url,
  host: '127.0.0.1',
  port: 0,
  adminToken,
  windmill: () => ({ baseUrl: 'http://127.0.0.1:9', token: 'unused', workspace: 'w' }),
  sprintIntegration: true,
  consoleDir,
  log: pino({ level: 'silent' }),
})
afterAll(async () => {
  await api.close()
  await rm(folder, { recursive: true })
})
const client = clientOf(api.url, adminToken, database)
const origin = api.url

const login = (body: object, headers: Record<string, string> = {}) =>
  fetch(`${api.url}/auth/login`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })
const cookieOf = (response: Response) => response.headers.get('Set-Cookie')?.split(';')[0] ?? ''
const byCookie = (method: string, path: string, cookie: string, headers = {}, body?: object) =>
  fetch(api.url + path, {
    method,
    headers: { Cookie: cookie, 'Content-Type': 'application/json', ...headers },
    body: body ? JSON.stringify(body) : null,
  })

describe('getting in', () => {
  test('a one-time code lets one browser in, once', async () => {
    const code = await api.createLoginCode()
    const answers = await Promise.all([login({ code }), login({ code }), login({ code })])
    expect(answers.map((it) => it.status).sort()).toEqual([200, 401, 401])
    const good = answers.find((it) => it.status === 200) as Response
    expect(await good.json()).toEqual({
      token_id: expect.any(Number),
      name: 'console',
      role: 'admin',
      scopes: ['read', 'work', 'plan', 'admin'],
    })
    const cookie = good.headers.get('Set-Cookie') ?? ''
    for (const attribute of ['HttpOnly', 'SameSite=Strict', 'Path=/', 'Max-Age=604800']) {
      expect(cookie).toContain(attribute)
    }
    expect(cookie).not.toContain(code)
    expect(cookie).not.toContain('Secure')
    const proxied = await login({ token: adminToken }, { Origin: origin.replace('http', 'https') })
    expect(proxied.headers.get('Set-Cookie')).toContain('; Secure')
    expect((await byCookie('GET', '/auth/me', cookieOf(good))).status).toBe(200)
    expect((await login({ code })).status).toBe(401)
  })

  test('a code that is too old is refused', async () => {
    const code = await api.createLoginCode()
    await database.sql`update login_codes set expires_at = now()`
    const answer = await login({ code })
    expect(answer.status).toBe(401)
    expect(await answer.json()).toMatchObject({ rule: 'login_code' })
  })

  test('a token lets in; nonsense is told apart', async () => {
    expect((await login({ token: adminToken })).status).toBe(200)
    expect((await login({ token: 'wrong' })).status).toBe(401)
    for (const body of [
      {},
      { code: 1 },
      { code: 'a', token: 'b' },
      { token: 'x'.repeat(501) },
      [],
    ]) {
      expect((await login(body)).status).toBe(422)
    }
    const malformed = await fetch(`${api.url}/auth/login`, { method: 'POST', body: '{' })
    expect(malformed.status).toBe(400)
  })

  test('a page of somebody else cannot log a browser in', async () => {
    for (const foreign of ['http://evil.example', 'null', `${origin}.evil.example`]) {
      expect((await login({ token: adminToken }, { Origin: foreign })).status).toBe(403)
    }
    expect((await login({ token: adminToken }, { Origin: origin })).status).toBe(200)
  })

  test('logging out forgets the cookie', async () => {
    const cookie = cookieOf(await login({ token: adminToken }))
    const answer = await byCookie('POST', '/auth/logout', cookie, { Origin: origin })
    expect(answer.status).toBe(200)
    expect(answer.headers.get('Set-Cookie')).toContain('Max-Age=0')
  })

  test('logging out of a session that a code began ends the session itself', async () => {
    const cookie = cookieOf(await login({ code: await api.createLoginCode() }))
    await byCookie('POST', '/auth/logout', cookie, { Origin: origin })
    await new Promise((resolve) => setTimeout(resolve, 900))
    expect((await byCookie('GET', '/auth/me', cookie)).status).toBe(401)
    // The administrator's own token is no session, and stays.
    expect((await client.get('/auth/me')).status).toBe(200)
  })
})

describe('a session cookie', () => {
  test('is good for changes from the console itself alone', async () => {
    const cookie = cookieOf(await login({ token: adminToken }))
    const create = (slug: string, headers: object) =>
      byCookie('POST', '/projects', cookie, headers, { slug, name: 'P' })
    for (const foreign of [
      {},
      { Origin: 'null' },
      { Origin: 'http://evil.example' },
      { Origin: '%' },
      { Origin: '' },
    ]) {
      const answer = await create('refused', foreign)
      expect(answer.status).toBe(403)
      expect(await answer.json()).toMatchObject({ rule: 'same_origin' })
    }
    expect((await create('accepted', { Origin: origin })).status).toBe(201)
    expect((await byCookie('GET', '/projects', cookie)).status).toBe(200)
  })

  test('reads what no browser keeps, frames or takes for a script', async () => {
    const cookie = cookieOf(await login({ token: adminToken }))
    for (const path of ['/projects', '/api/tokens', '/projects/0', '/docs', '/openapi.json']) {
      const { headers } = await byCookie('GET', path, cookie)
      expect(headers.get('Cache-Control'), path).toBe('no-store')
      expect(headers.get('X-Content-Type-Options'), path).toBe('nosniff')
    }
    const { headers } = await byCookie('GET', '/docs', cookie)
    expect(headers.get('Content-Security-Policy')).toContain("frame-ancestors 'none'")
  })

  test('streams events, and opens sockets for the console alone', async () => {
    const cookie = cookieOf(await login({ token: adminToken }))
    const stream = await openStream(`${api.url}/events/stream`, { Cookie: cookie })
    expect(stream.status).toBe(200)
    stream.close()
    await expect(openSocket(`${api.url}/ws`, { Cookie: cookie })).rejects.toThrow('403')
    const foreign = { Cookie: cookie, Origin: 'http://evil.example' }
    await expect(openSocket(`${api.url}/ws`, foreign)).rejects.toThrow('403')
    const socket = await openSocket(`${api.url}/ws`, { Cookie: cookie, Origin: origin })
    socket.raw.terminate()
  })
})

describe('the files of the console', () => {
  const get = (path: string) => fetch(api.url + path, { redirect: 'manual' })

  test('are open, locked down, and cached by their names', async () => {
    const page = await get('/console/')
    expect([page.status, await page.text()]).toEqual([200, '<!doctype html><title>Console</title>'])
    const policy = page.headers.get('Content-Security-Policy') ?? ''
    expect(policy).toContain("default-src 'self'")
    expect(policy).not.toMatch(/unsafe|data:/)
    expect(page.headers.get('Cache-Control')).toBe('no-cache')
    const script = await get('/console/assets/index-abc.js')
    expect(script.headers.get('Cache-Control')).toContain('immutable')
    expect(script.headers.get('Content-Type')).toContain('text/javascript')
    for (const path of ['/', '/console']) {
      const answer = await get(path)
      expect([answer.status, answer.headers.get('Location')]).toEqual([302, '/console/'])
    }
  })

  test('any page of it is the one page, and nothing outside is', async () => {
    for (const path of [
      '/console/projects/a/sprints/B-1',
      '/console/%E0%A4%A',
      '/console/%00',
      '/console/a%2Fb',
    ]) {
      const answer = await get(path)
      expect([answer.status, (await answer.text()).slice(0, 15)], path).toEqual([
        200,
        '<!doctype html>',
      ])
    }
    for (const path of [
      '/console/missing.js',
      '/console/..%2fsecret.js',
      '/console/%2e%2e/secret.js',
      '/console/..\\secret.js',
      '/console/assets/index-abc.js/more.js',
      `/console/${'x'.repeat(300)}.js`,
      '/console/%00.js',
      '/console/%E0%A4%A.js',
      '/console/assets/.js',
    ]) {
      const answer = await get(path)
      expect(answer.status, path).toBeLessThan(500)
      expect(await answer.text(), path).not.toBe('secret')
    }
    expect((await get('/console/missing.js')).status).toBe(404)
  })
})

const browserPath = requireTool('chromium')
test.skipIf(!browserPath)('the page of the API works at both places, from here alone', async () => {
  const browser = await chromium.launch({
    executablePath: browserPath ?? '',
    args: ['--no-sandbox'],
  })
  try {
    const context = await browser.newContext()
    const cookie = cookieOf(await login({ token: adminToken })).split('=')
    await context.addCookies([{ name: cookie[0] ?? '', value: cookie[1] ?? '', url: api.url }])
    const page = await context.newPage()
    const problems: string[] = []
    page.on('pageerror', (error) => problems.push(error.message))
    page.on('console', (it) => it.type() === 'error' && problems.push(it.text()))
    page.on('request', (it) => {
      if (!it.url().startsWith(api.url) && !it.url().startsWith('data:')) problems.push(it.url())
    })
    for (const path of ['/docs', '/api/docs']) {
      await page.goto(api.url + path)
      await page.getByRole('heading', { name: 'DevGodzilla' }).first().waitFor()
      // Of so many operations those alone are drawn that are in sight.
      for (const operation of ['/events/stream', '/sprints/{sprint_id}/velocity']) {
        await expect
          .poll(async () => {
            await page.mouse.wheel(0, 400)
            return page.getByText(operation).first().isVisible()
          })
          .toBe(true)
      }
    }
    expect(problems).toEqual([])
  } finally {
    await browser.close()
  }
})
