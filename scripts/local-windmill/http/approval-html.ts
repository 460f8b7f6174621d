import { createHash } from 'node:crypto'

/** Markup that is safe to put into more markup. */
export class Markup {
  readonly html: string

  constructor(html: string) {
    this.html = html
  }

  toString(): string {
    return this.html
  }
}

type Part = string | number | boolean | null | undefined | Markup | Markup[]

/** Markup with values put in: text is escaped, and nothing is left of false, null and undefined. */
export function markup(texts: TemplateStringsArray, ...parts: Part[]): Markup {
  return new Markup(String.raw({ raw: texts }, ...parts.map(render)))
}

function render(part: Part): string {
  if (part === false || part === null || part === undefined || part === true) return ''
  if (part instanceof Markup) return part.html
  if (Array.isArray(part)) return part.map(String).join('')
  return escaped(String(part))
}

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (char) => ENTITIES[char] ?? char)
}

const STYLE = `
:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif }
body { max-width: 38rem; margin: 3rem auto; padding: 0 1rem }
label { display: block; margin: 1rem 0 }
input, select, textarea { display: block; width: 100%; box-sizing: border-box; font: inherit; padding: .4rem }
input[type=checkbox] { display: inline; width: auto }
button { font: inherit; padding: .5rem 1.2rem; margin-right: .5rem }
small { display: block }
:focus-visible { outline: 3px solid Highlight; outline-offset: 2px }
[role=alert] { border-left: .3rem solid; padding-left: .8rem; font-weight: 600 }
`

const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64')

/** No script runs here, and nothing is loaded. */
export const CONTENT_SECURITY_POLICY = `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`

export function page(title: string, body: Markup): string {
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${new Markup(STYLE)}</style>
</head>
<body>
<main>
<h1>${title}</h1>
${body}
</main>
</body>
</html>
`.html
}
