import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/**
 * The least that shows so many cards and lets one move: lines of text in two lists, and a key that
 * takes the line with the focus to the other one. Named as the board names its own, so that both
 * are measured by the same means.
 */
function bareLists(lines: number): string {
  const items = Array.from(
    { length: lines },
    (_, index) => `<li class="card" data-id="${index + 1}" tabindex="0">Card ${index + 1}</li>`,
  )
  const style = 'height:90vh;overflow:auto;margin:0;width:40%;float:left'
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>Bare</title>
<h2 id="column-done">0</h2>
<ul class="cards" data-status="todo" id="first" style="${style}">${items.join('')}</ul>
<ul class="cards" data-status="done" style="${style}"></ul>
<script>
  const [from, to] = document.querySelectorAll('ul')
  document.addEventListener('keydown', ({ key, target }) => {
    if (key !== 'Enter' || target.parentNode !== from) return
    to.prepend(target)
    target.focus()
    document.querySelector('h2').textContent = String(to.children.length)
  })
</script></html>`
}

/** Serves that page by itself. Answers where, and how to end it. */
export async function serveBareLists(lines: number) {
  const page = bareLists(lines)
  const server = createServer((_, answer) => {
    answer.setHeader('content-type', 'text/html; charset=utf-8')
    answer.end(page)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/`,
    close: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}
