/**
 * The files beside the database: `delegation/` with the users' templates in it, and the decisions.
 * As patterns for a sparse checkout.
 */
export const besideDatabase = ['/delegation/', '/docs/adr/'] as const

/** What is there and no text of ours, such as a picture, is nobody's business here. */
export const isOurs = (path: string): boolean =>
  /^delegation\/.*(\.(md|ya?ml|liquid)|\/\.hash)$/.test(path) || /^docs\/adr\/[^/]+\.md$/.test(path)

export const isTemplate = (path: string): boolean => path.startsWith('delegation/.templates/')

/** What a file is written to first; one that a killed job left is removed by a later one. */
export const isDraft = (name: string): boolean => /^\.devgodzilla-[0-9a-f-]{36}\.tmp$/.test(name)

/** A file that is left as it is, and why; line and column where the text itself is at fault. */
export interface Problem {
  path: string
  line?: number | null
  column?: number | null
  message: string
}

/** A file of a project which cannot be taken: it is left out, and the others go on. */
export class Unusable extends Error {
  override readonly name = 'Unusable'
}
