/** One thing that somebody wants, as a user story of a spec. */
export interface Story {
  number: number
  title: string
  /** P1 comes first. */
  priority: string
  /** In the words of whoever asked. */
  wish: string
}

const mostStories = 8

/**
 * What a feature request asks for, one wish per sentence or list entry, in its own words. Text that
 * would change the structure of a Markdown file is made harmless.
 */
export function wishesOf(request: string): string[] {
  const lines = request.split(/\r?\n/).flatMap((line) => {
    const text = plain(line)
    return text === '' ? [] : text.split(/(?<=[.!?;])\s+(?=\S)|(?<=[。！？；])(?=.)/u)
  })
  return lines
    .map((line) => line.replace(/[\s;；]+$/u, '').trim())
    .filter((line) => /[\p{L}\p{N}]/u.test(line))
    .map((line) => line.charAt(0).toUpperCase() + line.slice(1))
}

/** The first wish is the one to begin with (P1), the second comes next, the others can wait. */
export function storiesOf(wishes: string[]): Story[] {
  return wishes.slice(0, mostStories).map((wish, at) => ({
    number: at + 1,
    title: titleOf(wish),
    priority: `P${Math.min(at + 1, 3)}`,
    wish,
  }))
}

/** The stories that a spec.md tells, by SpecKit's own headings. */
export function storiesIn(spec: string): Story[] {
  const found = [...spec.matchAll(/^###\s+User Story\s+(\d+)\s*[-–—:]\s*(.+)$/gim)].map(
    (match, at, all) => {
      const after = spec.slice(match.index + match[0].length, all[at + 1]?.index)
      const [, title = '', priority = 'P3'] = /^(.*?)\s*\(Priority:\s*(P\d+)\).*$/i.exec(
        match[2] ?? '',
      ) ?? [match[0], match[2]]
      const wish =
        after
          .split(/\n#/)[0]
          ?.split(/\n\s*\n/)
          .map(plain)
          .find(Boolean) ?? title
      return { number: Number(match[1]), title: plain(title), priority, wish }
    },
  )
  if (found.length > 0) return found
  return [{ number: 1, title: titleIn(spec), priority: 'P1', wish: titleIn(spec) }]
}

/** What a document is about, from its first heading. */
export function titleIn(document: string): string {
  const heading = /^#\s+(.+)$/m.exec(document)?.[1] ?? ''
  const title = plain(heading.replace(/^(Feature Specification|Implementation Plan|Tasks):/i, ''))
  return title || 'The feature'
}

/** A short title: the sentence without its end, cut between words. */
export function titleOf(wish: string, longest = 80): string {
  const whole = wish.replace(/[\s.!?;。！？；]+$/u, '')
  if (whole.length <= longest) return whole
  const cut = whole.slice(0, longest)
  const space = cut.lastIndexOf(' ')
  return `${space > longest / 2 ? cut.slice(0, space) : cut}…`
}

/** A folder's name for a request: its first telling words, in ASCII. */
export function slugOf(request: string): string {
  const [first = ''] = wishesOf(request)
  const words = first
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '' && !idle.has(word))
  return words.slice(0, 4).join('-').slice(0, 40).replace(/-+$/, '') || 'feature'
}

const idle = new Set(
  (
    'a an the and or of for to in on at by with as be is are it its that this i we you they our ' +
    'my your their should shall must can could would will want wants need needs please let make'
  ).split(' '),
)

/** One line without the marks that begin a heading, a list, a task, a quote or a comment. */
function plain(line: string): string {
  return line
    .replace(/\s+/g, ' ')
    .replace(
      /^[\s>#]*(?:(?:[-*+]|\d+[.)])\s+)?(?:\[[ xX]\]\s*)?(?:T\d{3,}\s+)?(?:\[[^\]]*\]\s*)*/,
      '',
    )
    .replaceAll('`', "'")
    .replaceAll('<!--', '<! --')
    .trim()
}
