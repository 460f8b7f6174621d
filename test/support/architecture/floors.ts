/** A room of the house: the files below a path, and the rooms those may import from besides it. */
export type Room = {
  readonly path: string
  readonly floor: number | null
  readonly mayImport: readonly string[]
  /** Rooms that only types may be taken from. */
  readonly typesFrom?: readonly string[]
  /** No I/O: the built-in modules that do some are refused. */
  readonly pure?: true
  /** Each import can be read off the source: `import(name)` is refused. */
  readonly literal?: true
}

const CORE = 'api/core/'
const COMMANDS = 'api/commands/'
const STORE = 'api/store/'
const SERVICES = 'api/services/'
const HANDLERS = 'api/handlers/'
const HTTP = 'api/http/'
const MCP = 'api/mcp/'
const MAIN = 'api/main.ts'

/** What the console's pages are made of; each may use those before it. */
const CONSOLE_PARTS = [
  'styles/',
  'format/',
  'routing/',
  'api/',
  'ui/',
  'form/',
  'session/',
  'scrum/',
  'live/',
  'actions/',
  'log/',
  'edits/',
  'project/',
  'import/',
  'sprint/',
  'history/',
  'peek/',
  'panels/',
]

/** A page uses the parts, and never another page. */
const CONSOLE_PAGES = [
  'board/',
  'charts/',
  'conflicts/',
  'events/',
  'flow-runs/',
  'parked/',
  'planning/',
  'projects/',
  'runs/',
  'settings/',
  'sprints/',
  'tokens/',
  'work-sessions/',
]

function consoleRoom(name: string, below: readonly string[]): Room {
  return {
    path: `console/src/${name}`,
    floor: null,
    mayImport: below.map((it) => `console/src/${it}`),
    typesFrom: ['api/'],
    literal: true,
  }
}

/**
 * Who may import whom: of the floors the lower, never the higher, and of the same floor only what
 * stands here. `f/`, `console/`, `scripts/` and `test/` stand beside the house.
 */
export const ROOMS: readonly Room[] = [
  { path: CORE, floor: 0, mayImport: [], pure: true, literal: true },
  { path: COMMANDS, floor: 0, mayImport: [CORE], pure: true, literal: true },
  { path: STORE, floor: 1, mayImport: [CORE, COMMANDS], literal: true },
  { path: SERVICES, floor: 2, mayImport: [CORE, COMMANDS, STORE], literal: true },
  { path: HANDLERS, floor: 3, mayImport: [CORE, COMMANDS, STORE, SERVICES], literal: true },
  { path: HTTP, floor: 4, mayImport: [CORE, COMMANDS, STORE, SERVICES, HANDLERS], literal: true },
  { path: MCP, floor: 4, mayImport: [CORE, COMMANDS, STORE, SERVICES, HANDLERS], literal: true },
  {
    path: MAIN,
    floor: 5,
    mayImport: [CORE, COMMANDS, STORE, SERVICES, HANDLERS, HTTP, MCP],
    literal: true,
  },
  { path: 'f/', floor: null, mayImport: [], literal: true },
  ...CONSOLE_PARTS.map((part, index) => consoleRoom(part, CONSOLE_PARTS.slice(0, index))),
  ...CONSOLE_PAGES.map((page) => consoleRoom(page, CONSOLE_PARTS)),
  { path: 'console/', floor: null, mayImport: [], typesFrom: ['api/'], literal: true },
  { path: 'scripts/', floor: null, mayImport: [CORE, COMMANDS, MAIN] },
  {
    path: 'test/',
    floor: null,
    mayImport: ['api/', 'f/', 'console/', 'scripts/'],
  },
]

/** Built-in modules through which a program reaches outside itself. */
export const OUTSIDE = new Set(
  [
    'child_process',
    'cluster',
    'dgram',
    'dns',
    'fs',
    'http',
    'http2',
    'https',
    'net',
    'os',
    'process',
    'readline',
    'repl',
    'tls',
    'worker_threads',
  ].map((name) => `node:${name}`),
)

export function roomOf(path: string): Room | undefined {
  return ROOMS.find((room) => path === room.path || isBelow(path, room.path))
}

export function isBelow(path: string, folder: string): boolean {
  return folder.endsWith('/') ? path.startsWith(folder) : path === folder
}
