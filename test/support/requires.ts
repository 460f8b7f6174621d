import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

/** Tools that tests use and a machine may lack: the names they go by, and how to get them. */
const TOOLS = {
  chromium: {
    // The shell draws no window of its own, which a page otherwise takes a second for.
    names: ['chromium-headless-shell', 'chromium', 'chromium-browser', 'google-chrome'],
    install: 'apt-get install chromium-headless-shell',
  },
  wmill: {
    names: ['wmill'],
    install: 'npm install -g windmill-cli@1.819.0',
  },
  claude: {
    names: ['claude'],
    install: 'npm install -g @anthropic-ai/claude-code@2.1.329',
  },
  codex: {
    names: ['codex'],
    install: 'npm install -g @openai/codex@0.169.0',
  },
} as const

/**
 * The path of a tool, for `describe.skipIf(!requireTool('chromium'))`. Where it is missing that is
 * said once per file; in CI, where nothing may be left out in silence, it is an error.
 */
export function requireTool(tool: keyof typeof TOOLS): string | undefined {
  const { names, install } = TOOLS[tool]
  const path = findOnPath(names)
  if (path === undefined) {
    const reason = `${tool} is missing (${install})`
    if (process.env.CI && process.env.CI !== 'false')
      throw new Error(`Tests cannot run: ${reason}.`)
    console.warn(`Tests skipped: ${reason}.`)
  }
  return path
}

function findOnPath(names: readonly string[]): string | undefined {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    for (const name of names) {
      const path = join(folder, name)
      if (isExecutable(path)) return path
    }
  }
  return undefined
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error) return false
    throw error
  }
}
