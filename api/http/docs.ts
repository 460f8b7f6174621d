import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { notFound } from '../core/errors.ts'
import { type App, newApp } from './app.ts'

const assets: Record<string, string> = {
  'swagger-ui.css': 'text/css',
  'swagger-ui-bundle.js': 'text/javascript',
}

/** Swagger's own page, from its package: nothing is loaded from elsewhere. */
export function docs(): App {
  const app = newApp()
  app.get('/docs', (c) =>
    c.html(page, 200, {
      'Content-Security-Policy':
        "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'",
    }),
  )
  app.get('/docs/start.js', (c) => c.body(start, 200, { 'Content-Type': 'text/javascript' }))
  app.get('/docs/:asset', async (c) => {
    const asset = c.req.param('asset')
    const type = assets[asset]
    if (!type) throw notFound('page', c.req.path)
    const folder = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'))
    const file = await readFile(join(folder, asset))
    return c.body(new Uint8Array(file), 200, { 'Content-Type': `${type}; charset=utf-8` })
  })
  return app
}

const page = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>DevGodzilla API</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="docs/swagger-ui.css">
<main id="docs"></main>
<script src="docs/swagger-ui-bundle.js"></script>
<script src="docs/start.js"></script>
</html>
`
const start = `SwaggerUIBundle({ url: 'openapi.json', dom_id: '#docs', deepLinking: true })
`
