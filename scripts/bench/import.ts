import { importSprintTasks } from '../../api/commands/specs.ts'
import type { Api } from '../../api/main.ts'
import { withApi } from './api.ts'
import { type BareRows, bareRowsOf, insertBare, readRows } from './bare-rows.ts'
import { type Figure, figure, rounded } from './figure.ts'
import { inTurns, median, percentile, timed } from './measure.ts'
import { newPlace, type Place } from './place.ts'
import { type Product, withProduct } from './product.ts'
import { tasksFile } from './tasks-file.ts'
import type { World } from './world.ts'

type Import = (place: Place, content: string) => Promise<unknown>

const sizes = [
  { tasks: 1000, rounds: 9, warmUp: 3 },
  { tasks: 10_000, rounds: 3, warmUp: 1 },
]
const bound = { ratio: 3 }

/** Importing a tasks.md, against a bare insert of the very rows that the import wrote. */
export async function measureImport(world: World): Promise<Figure[]> {
  const atVerb = await withApi(world, (api) => measure(world, 'import_verb', importBy(api)))
  const overHttp = await withProduct(world, (product) =>
    measure(world, 'import_http', importOver(product)),
  )
  return [...atVerb, ...overHttp]
}

const importBy =
  (api: Api): Import =>
  (place, content) =>
    api.run(importSprintTasks, {
      sprint_id: place.sprintId,
      spec_path: place.specPath,
      content,
      overwrite_existing: false,
    })

const importOver =
  (product: Product): Import =>
  (place, content) =>
    product.call('POST', `/sprints/${place.sprintId}/actions/import-tasks`, {
      spec_path: place.specPath,
      content,
    })

async function measure(world: World, name: string, importTasks: Import): Promise<Figure[]> {
  const figures: Figure[] = []
  for (const { tasks, rounds, warmUp } of sizes) {
    const content = tasksFile(tasks)
    const sample = await newPlace(world.sql)
    await importTasks(sample, content)
    const rows = await readRows(world.sql, sample)
    const times = await inTurns(
      { rounds, warmUp },
      async () => {
        const place = await newPlace(world.sql)
        return timed(() => importTasks(place, content))
      },
      async () => {
        const bare = await bareRowsOf(world.sql, rows, await newPlace(world.sql))
        return timed(() => insertBare(world.sql, bare))
      },
    )
    figures.push(
      figure({
        name: `${name}_${tasks}`,
        value: median(times.ours),
        baseline: median(times.bare),
        bound,
        detail: { ...counts(rows), bytes: content.length, rounds, ...spread(times) },
      }),
    )
  }
  return figures
}

const counts = (rows: BareRows) => ({
  tasks: rows.tasks.length,
  dependencies: rows.dependencies.length,
  events: rows.events.length,
})

const spread = ({ ours, bare }: { ours: number[]; bare: number[] }) => ({
  fastest: rounded(Math.min(...ours)),
  slowest: rounded(percentile(ours, 100)),
  baseline_fastest: rounded(Math.min(...bare)),
  baseline_slowest: rounded(percentile(bare, 100)),
})
