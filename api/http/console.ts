import { readFile } from 'node:fs/promises'
import { extname, join, normalize } from 'node:path'
import { notFound } from '../core/errors.ts'
import { type App, newApp, type Surface } from './app.ts'

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
}

const headers = {
  'Content-Security-Policy':
    "default-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'",
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
}

const unknown = ['ENOENT', 'EISDIR', 'ENOTDIR', 'ENAMETOOLONG', 'ERR_INVALID_ARG_VALUE']

/** The console's files. Any page of it is the one page, which finds its way by the address. */
export function consoleFiles({ consoleDir }: Surface): App {
  const app = newApp()
  app.get('/', (c) => c.redirect('/console/'))
  app.get('/console', (c) => c.redirect('/console/'))
  app.get('/console/*', async (c) => {
    if (consoleDir === null) throw notFound('console', 'in this installation; run npm run build')
    const asked = normalize(c.req.path.slice('/console/'.length))
    // Files lie at the top and in assets/; below anything else a dot is part of a code.
    const isFile = extname(asked) !== '' && (/^assets\/[^/]+$/.test(asked) || !asked.includes('/'))
    const asset = isFile ? asked : 'index.html'
    const file = await readFile(join(consoleDir, asset)).catch((error: NodeJS.ErrnoException) => {
      if (unknown.includes(error.code ?? '')) throw notFound('page', c.req.path)
      throw error
    })
    return c.body(new Uint8Array(file), 200, {
      ...headers,
      'Content-Type': types[extname(asset)] ?? 'application/octet-stream',
      // Built files carry a hash of their content in their names.
      'Cache-Control': asset.startsWith('assets/')
        ? 'public, max-age=31536000, immutable'
        : 'no-cache',
    })
  })
  return app
}
