import { StepFailure } from '../job-error.ts'

export type Parameter = { name: string; isDate: boolean }

/** The function of a script that is called. */
export type Entrypoint = 'main' | 'preprocessor'

const EXPORTED = /(?<=^|[;}])[ \t]*export\s+(?:async\s+)?function\s+(main|preprocessor)\s*\(/gm

/**
 * The parameters of a script's `main` (or `preprocessor`), in order: Windmill passes arguments by
 * position, matched by name, and turns those declared `Date` into one.
 * @throws StepFailure when there is no such function, or a parameter has no name
 */
export function parseSignature(
  source: string,
  script: string,
  entrypoint: Entrypoint = 'main',
): Parameter[] {
  const open = parametersOf(source, entrypoint)
  if (open === undefined) {
    throw new StepFailure(
      'SignatureError',
      `${script} has no \`export async function ${entrypoint}(…)\``,
    )
  }
  return splitParameters(source, open).map(({ name, type }) => {
    const bare = name.replace(/\?$/, '').trim()
    if (!/^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(bare)) {
      throw new StepFailure(
        'SignatureError',
        `${entrypoint} of ${script} must take plain named parameters, not \`${bare}\``,
      )
    }
    return { name: bare, isDate: type.split('|').some((part) => part.trim() === 'Date') }
  })
}

/** Windmill's `//nobundling`, among the comments with which a script begins. */
export function isLeftUnbundled(source: string): boolean {
  const [comments = ''] = /^(?:\s*\/\/.*(?:\n|$))*/.exec(source) ?? []
  return /\/\/(?:.*\s)?nobundling(?:\s|$)/.test(comments)
}

export function hasEntrypoint(source: string, entrypoint: Entrypoint): boolean {
  return parametersOf(source, entrypoint) !== undefined
}

/** Where the parameters of the exported function begin. */
function parametersOf(source: string, entrypoint: Entrypoint): number | undefined {
  const found = [...source.matchAll(EXPORTED)].filter(
    (match) => match[1] === entrypoint && !insideComment(source, match.index),
  )
  const last = found.at(-1)
  return last && last.index + last[0].length
}

function insideComment(source: string, at: number): boolean {
  const opened = source.lastIndexOf('/*', at)
  return opened >= 0 && source.indexOf('*/', opened) > at
}

type RawParameter = { name: string; type: string }

/** Reads from just after the opening parenthesis to the one that closes it. */
function splitParameters(source: string, open: number): RawParameter[] {
  const parameters: RawParameter[] = []
  let current: RawParameter = { name: '', type: '' }
  let part: 'name' | 'type' | 'default' = 'name'
  let depth = 0
  const finish = () => {
    if (current.name.trim()) parameters.push({ ...current, name: current.name.trim() })
    current = { name: '', type: '' }
    part = 'name'
  }
  for (let at = open; at < source.length; at++) {
    const skipped = skipLiteral(source, at)
    const char = source.charAt(at)
    if (skipped > at) {
      if (part === 'type' && !isComment(source, at)) current.type += source.slice(at, skipped)
      at = skipped - 1
      continue
    }
    if (depth === 0 && char === ')') {
      finish()
      return parameters
    }
    if (depth === 0 && char === ',') {
      finish()
      continue
    }
    if (depth === 0 && part === 'name' && char === ':') {
      part = 'type'
      continue
    }
    const arrow = char === '=' && source[at + 1] === '>'
    if (depth === 0 && part !== 'default' && char === '=' && !arrow) {
      part = 'default'
      continue
    }
    if ('([{'.includes(char) || (part === 'type' && char === '<')) depth++
    if (')]}'.includes(char) || (part === 'type' && char === '>' && source[at - 1] !== '=')) depth--
    if (part === 'name') current.name += char
    if (part === 'type') current.type += char
  }
  return parameters
}

function isComment(source: string, at: number): boolean {
  return source.startsWith('//', at) || source.startsWith('/*', at)
}

/** The end of the comment or string that starts here, or `at` itself where none does. */
function skipLiteral(source: string, at: number): number {
  if (source.startsWith('//', at)) return endOf(source, '\n', at)
  if (source.startsWith('/*', at)) return endOf(source, '*/', at + 2)
  const quote = source.charAt(at)
  if (quote !== '"' && quote !== "'" && quote !== '`') return at
  for (let end = at + 1; end < source.length; end++) {
    if (source[end] === '\\') end++
    else if (source[end] === quote) return end + 1
  }
  return source.length
}

function endOf(source: string, mark: string, from: number): number {
  const found = source.indexOf(mark, from)
  return found < 0 ? source.length : found + mark.length
}
