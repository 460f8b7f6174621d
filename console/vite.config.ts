import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

/** `npx vite console` develops against an API that is already running. */
const api = 'http://127.0.0.1:8787'

export default defineConfig({
  root: import.meta.dirname,
  base: '/console/',
  plugins: [react()],
  build: {
    outDir: '../dist/console',
    emptyOutDir: true,
    // The first browsers with light-dark(), @starting-style and the popover attribute.
    target: ['chrome123', 'firefox129', 'safari17.5'],
    // Everything from our own origin: the policy allows no data: URLs.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: { proxy: { '^/(?!console/)': { target: api } } },
})
