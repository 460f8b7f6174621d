import { type Document, isCollection, isMap, isScalar, visit } from 'yaml'
import { configField, configKey, pathOf } from './agent-fields.ts'
import { type Fields, isEmpty, isSame, type Json } from './fields.ts'
import type { AgentReading } from './read-agent.ts'

/** Lines are not folded: a change of one word would look like one of many. */
const style = { lineWidth: 0, flowCollectionPadding: false } as const
/** Spaces within brackets stay where there are some. */
const isPadded = (text: string) => /[[{] \S/.test(text)

/**
 * The text in which each field says what `wanted` says. What says so already stays as it is
 * written; comments, order and other keys stay in any case.
 * @throws Error where a value cannot go because another one refers to it (`*name`)
 */
export function writeAgent(file: AgentReading, wanted: Fields): string {
  const names = new Set([...Object.keys(file.fields), ...Object.keys(wanted)])
  const changed = [...names].filter((field) => !isSame(file.fields[field], wanted[field]))
  if (changed.length === 0) return file.text
  const { document } = file
  for (const field of changed) set(document, field, wanted[field])
  return document.toString({ ...style, flowCollectionPadding: isPadded(file.text) })
}

/** A rendered template with what a task's agent is told besides, each value in a readable form. */
export function laidOut(file: AgentReading, config: Fields): string {
  const { document } = file
  for (const [key, value] of Object.entries(config)) {
    if (!isSame(file.fields[configField(key)], value)) document.set(key, document.createNode(value))
  }
  visit(document, {
    Scalar(_, node) {
      node.type = undefined
    },
    Collection(_, node) {
      node.flow = isCollection(node) && node.items.length === 0
    },
  })
  return document.toString(style)
}

function set(document: Document, field: string, value: Json | undefined): void {
  const path = pathOf(field)
  if (path === null) return
  if (configKey(field) !== null && value === undefined) {
    document.deleteIn(path)
    return
  }
  const [top = ''] = path
  if (path.length > 1 && !isMap(document.get(top))) {
    if (isEmpty(value)) return
    document.set(top, document.createNode({}))
  }
  const node = document.getIn(path, true)
  if (isScalar(node) && (value === null || typeof value !== 'object')) {
    // The node stays, and with it the comment behind it.
    node.value = value ?? null
    node.type = undefined
    node.source = undefined
  } else document.setIn(path, document.createNode(value ?? null))
}
