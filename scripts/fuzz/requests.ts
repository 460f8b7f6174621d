import fc from 'fast-check'
import type { Contract } from './contract.ts'
import { hostileBodies, hostileHeaders, hostileQueries, hostileTexts } from './hostile.ts'
import { jsonText } from './json-text.ts'
import type { Operation, Parameter } from './operations.ts'
import { spoilings } from './spoil.ts'
import type { Shot } from './target.ts'
import { type Source, valid } from './valid.ts'

/** A request with what is known of it before it is sent. */
export interface Trial extends Shot {
  /** What is wrong with it, in words. */
  about: string
  /** It breaks what the document says, so it must be refused. */
  broken: boolean
}

interface Parts {
  path: Record<string, string>
  query: [string, string][]
  body: Buffer | null
  headers: Record<string, string>
  /** Goes behind the query as it is. */
  tail: string
  about: string
}

/** Requests for one operation: as described, with one thing wrong, or hostile. */
export function trials(
  operation: Operation,
  from: Source,
  contract: Contract,
): fc.Arbitrary<Trial> {
  const good = goodParts(operation, from)
  const kinds: { weight: number; arbitrary: fc.Arbitrary<Parts> }[] = [
    { weight: 5, arbitrary: good },
    { weight: 1, arbitrary: withTail(good) },
    { weight: 1, arbitrary: withHeaders(good) },
  ]
  const asked = operation.parameters.filter((it) => it.in !== 'header')
  if (asked.length > 0) kinds.push({ weight: 3, arbitrary: withParameter(good, asked) })
  if (operation.method !== 'GET') kinds.push({ weight: 2, arbitrary: withBody(good) })
  if (operation.body) kinds.push({ weight: 8, arbitrary: spoiled(good, operation, from) })
  return fc.oneof(...kinds).map((parts) => ({
    method: operation.method,
    path: addressOf(operation.path, parts),
    headers: parts.headers,
    body: parts.body,
    about: parts.about,
    broken: contract.breaks(operation, parts.body, {
      ...parts.path,
      ...Object.fromEntries(parts.query),
    }),
  }))
}

/** Some work is done in a session alone; all of it may be. */
function sessionHeader(operation: Operation, from: Source): fc.Arbitrary<Record<string, string>> {
  const key = operation.method === 'GET' ? undefined : from.hint('session_key')
  if (!key) return fc.constant({})
  return fc.oneof(
    { weight: 2, arbitrary: fc.constant({}) },
    key.map((it) => ({ 'X-Session-Key': String(it) })),
  )
}

function goodParts(operation: Operation, from: Source): fc.Arbitrary<Parts> {
  const value = (it: Parameter) =>
    valid(it.schema, from, it.name).map((made) => encodeURIComponent(String(made).toWellFormed()))
  const named = (place: Parameter['in']) => operation.parameters.filter((it) => it.in === place)
  const path = fc.record(Object.fromEntries(named('path').map((it) => [it.name, value(it)])))
  const query = fc.tuple(
    ...named('query').map((it) => {
      const given = value(it)
      return (it.required ? given : fc.option(given, { nil: undefined, freq: 2 })).map(
        (text): [string, string][] => (text === undefined ? [] : [[it.name, text]]),
      )
    }),
  )
  const body = operation.body
    ? valid(operation.body, from).map((it): Buffer | null => Buffer.from(jsonText(it)))
    : fc.constant(null)
  return fc.record({
    path,
    query: query.map((it) => it.flat()),
    body,
    headers: sessionHeader(operation, from).map((session) => ({
      ...(operation.body ? { 'Content-Type': 'application/json' } : {}),
      ...session,
    })),
    tail: fc.constant(''),
    about: fc.constant('as described'),
  })
}

const spoiled = (good: fc.Arbitrary<Parts>, operation: Operation, from: Source) =>
  fc.tuple(good, valid(operation.body, from)).chain(([parts, value]) =>
    fc.constantFrom(...spoilings(operation.body, value, from.document)).map((spoil) => {
      const { value: wrong, why } = spoil()
      return { ...parts, body: Buffer.from(jsonText(wrong)), about: why }
    }),
  )

const withParameter = (good: fc.Arbitrary<Parts>, asked: Parameter[]) =>
  fc
    .tuple(good, fc.constantFrom(...asked), fc.constantFrom(...hostileTexts))
    .map(([parts, { name, in: place }, text]) => {
      const about = `${name}=${text.slice(0, 40)}`
      if (place === 'path') return { ...parts, path: { ...parts.path, [name]: text }, about }
      const others = parts.query.filter(([key]) => key !== name)
      const query: [string, string][] = [...others, [name, text]]
      return { ...parts, query, about }
    })

const withTail = (good: fc.Arbitrary<Parts>) =>
  fc
    .tuple(good, fc.constantFrom(...hostileQueries))
    .map(([parts, tail]) => ({ ...parts, tail, about: `?${tail.slice(0, 40)}` }))

const withHeaders = (good: fc.Arbitrary<Parts>) =>
  fc.tuple(good, fc.constantFrom(...hostileHeaders)).map(([parts, headers]) => ({
    ...parts,
    headers: { ...parts.headers, ...headers },
    about: JSON.stringify(headers).slice(0, 60),
  }))

const withBody = (good: fc.Arbitrary<Parts>) =>
  fc.tuple(good, fc.nat({ max: hostileBodies.length - 1 })).map(([parts, index]) => ({
    ...parts,
    body: hostileBodies[index]?.(parts.body?.toString() ?? '{}') ?? null,
    about: `body ${index}`,
  }))

function addressOf(template: string, { path, query, tail }: Parts): string {
  const filled = template.replaceAll(/\{(\w+)\}/g, (_, name: string) => path[name] ?? '')
  const asked = [...query.map(([name, text]) => `${name}=${text}`), ...(tail ? [tail] : [])]
  return asked.length > 0 ? `${filled}?${asked.join('&')}` : filled
}
