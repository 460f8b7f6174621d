/** What a merged field is called in the table and in every answer. */
export const columnOf: Record<string, string> = {
  boardStatus: 'board_status',
  storyPoints: 'story_points',
}

/** The way back. */
export const fieldOf: Record<string, string> = Object.fromEntries(
  Object.entries(columnOf).map(([field, column]) => [column, field]),
)

/** Merged values are strings, numbers, lists of strings or null: JSON already. */
export const asJson = (value: unknown) => (value ?? null) as string | number | string[] | null
