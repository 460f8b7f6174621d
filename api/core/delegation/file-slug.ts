import { isDevice } from './devices.ts'

/** UTF-8 bytes: room is left for a prefix, a number and an ending within the 255 of a file name. */
const mostBytes = 80

/**
 * Any title as part of a file name that every system takes: letters and digits of any script, in
 * lower case, dashes between. `otherwise` where nothing of it is left, such as of emoji alone.
 */
export function fileSlug(title: string, otherwise: string): string {
  // Long enough for every slug; a title may have 10,000 characters.
  const words = title
    .slice(0, 500)
    .normalize('NFKC')
    .toLowerCase()
    // A mark belongs to what it stands on; alone, such as of an emoji, it would be a name nobody sees.
    .match(/[\p{L}\p{N}][\p{L}\p{M}\p{N}]*/gu)
  const slug = within(words ?? [])
  if (slug === '') return otherwise
  return isDevice(slug) ? `${otherwise}-${slug}` : slug
}

/** As many words as there is room for; of a first word that is too long, its beginning. */
function within(words: readonly string[]): string {
  let slug = ''
  for (const word of words) {
    const longer = slug === '' ? word : `${slug}-${word}`
    if (Buffer.byteLength(longer) > mostBytes) return slug === '' ? beginningOf(word) : slug
    slug = longer
  }
  return slug
}

function beginningOf(word: string): string {
  let beginning = ''
  for (const character of word) {
    if (Buffer.byteLength(beginning + character) > mostBytes) break
    beginning += character
  }
  return beginning
}
