import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { Problem } from './api/problem.ts'
import { App } from './app.tsx'
import { readAhead } from './board/read-ahead.ts'
import { currentAddress } from './routing/location.ts'
import { preload } from './routing/preload.ts'
import { watchForLoginLinks, watchForSessionEnd } from './session/session.ts'
import './styles/tokens.css'
import './styles/base.css'

const worthRetrying = (failures: number, error: unknown) =>
  failures < 2 && error instanceof Problem && (error.unreachable || error.status >= 502)

const client = new QueryClient({
  defaultOptions: {
    // Loopback answers without a network, so the browser's own "offline" decides nothing here.
    queries: { networkMode: 'always', retry: worthRetrying, staleTime: 5_000 },
    mutations: { networkMode: 'always' },
  },
})

watchForLoginLinks(client)
watchForSessionEnd(client)
// While it is found out who is there.
preload(currentAddress())
void readAhead(client, currentAddress())

const root = document.getElementById('root')
if (root === null) throw new Error('index.html has no #root to render into')
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={client}>
      <App />
    </QueryClientProvider>
  </StrictMode>,
)
