import * as z from 'zod'
import type { Api } from './api.ts'

type Query = Record<string, string | number | boolean | undefined>

/** Every item of a list, page after page. Lists here are the tasks or sprints of one project. */
export async function* itemsOf<T>(
  api: Api,
  path: string,
  item: z.ZodType<T>,
  query: Query = {},
): AsyncGenerator<T> {
  const page = z.object({ items: z.array(item), next_cursor: z.string().nullable() })
  let cursor: string | undefined
  do {
    const { items, next_cursor } = await api.get(path, page, { ...query, limit: 1000, cursor })
    yield* items
    cursor = next_cursor ?? undefined
  } while (cursor !== undefined)
}
