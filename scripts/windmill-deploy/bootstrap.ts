import type { Fields, Kind } from './items.ts'
import type { Step } from './plan.ts'
import type { Server } from './server.ts'

interface Ways {
  create: string
  update: (path: string) => string
  /** What the body of a creation calls the path. */
  naming: (path: string) => Fields
}

/** What is set up over HTTP, since it holds values that are not in the files. */
const ways: Partial<Record<Kind, Ways>> = {
  folder: {
    create: 'w/folders/create',
    update: (path) => `w/folders/update/${path.slice('f/'.length)}`,
    naming: (path) => ({ name: path.slice('f/'.length) }),
  },
  'resource type': {
    create: 'w/resources/type/create',
    update: (path) => `w/resources/type/update/${path}`,
    naming: (name) => ({ name }),
  },
  variable: {
    create: 'w/variables/create',
    update: (path) => `w/variables/update/${path}`,
    naming: (path) => ({ path }),
  },
  resource: {
    create: 'w/resources/create',
    update: (path) => `w/resources/update/${path}`,
    naming: (path) => ({ path }),
  },
}

export const isBootstrapped = ({ item }: Step) => item.kind in ways

/** Creates or changes what a plan says, in its order. */
export async function bootstrap(server: Server, steps: Step[]): Promise<void> {
  for (const { item, action, fields } of steps) {
    const way = ways[item.kind]
    if (way === undefined || action === 'keep') continue
    if (action === 'create') {
      await server.send('POST', way.create, { ...way.naming(item.path), ...fields })
    } else await server.send('POST', way.update(item.path), fields)
  }
}
