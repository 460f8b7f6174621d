import { type Document, isMap, parseDocument } from 'yaml'
import { CliError } from '../../connect/client.ts'
import type { Changes } from './changes.ts'

/** A YAML file of the project, empty where there is none. @throws CliError where it is no mapping */
export async function readYaml(changes: Changes, path: string, otherwise = ''): Promise<Document> {
  const text = (await changes.read(path)) ?? otherwise
  // The parser would keep the \r of comments, and lose the others.
  const document = parseDocument(text.replaceAll('\r\n', '\n'))
  const [error] = document.errors
  if (error) throw new CliError(`${path} is not YAML: ${error.message.split('\n')[0]}`)
  if (document.contents && !isMap(document.contents)) {
    throw new CliError(`${path} holds no keys: mend or remove it.`)
  }
  return document
}

/** Changes values of a YAML file; comments, and the ends of its lines, stay as they are. */
export async function editYaml(
  changes: Changes,
  path: string,
  edit: (document: Document) => void,
  template = '',
): Promise<void> {
  const document = await readYaml(changes, path, template)
  const before = JSON.stringify(document.toJSON())
  edit(document)
  if (JSON.stringify(document.toJSON()) === before) return
  const text = document.toString({ lineWidth: 0 })
  const windows = (await changes.read(path))?.includes('\r\n')
  await changes.write(path, windows ? text.replaceAll('\n', '\r\n') : text)
}
