import { describe, expect, it } from 'vitest'
import { lintWorkspace } from '../../../scripts/lint-flows/lint-workspace.ts'
import {
  type Edit,
  inMetadata,
  inScript,
  metadataFile,
  scriptFile,
  workspaceWith,
} from './sound-workspace.ts'

describe('in a script, it reports', () => {
  const cases: [string, Edit, string, string, RegExp][] = [
    [
      'missing metadata',
      { remove: metadataFile },
      '',
      'script-metadata',
      /f\/shop\/greet.script.yaml/,
    ],
    [
      'another kind',
      inMetadata('kind: script', 'kind: trigger'),
      '',
      'script-metadata',
      /kind must be script/,
    ],
    [
      'metadata without a schema',
      inMetadata('schema:', 'scheme:'),
      '',
      'script-metadata',
      /no schema/,
    ],
    [
      'a parameter that the schema lacks',
      inScript('name: string,', 'name: string,\n  more?: string,'),
      'more',
      'script-schema',
      /lacks it/,
    ],
    [
      'a property that main() does not take',
      inScript('  note?: string,\n', ''),
      'note',
      'script-schema',
      /does not take it/,
    ],
    [
      'another type',
      inScript('name: string', 'name: number'),
      'name',
      'script-schema',
      /type is "number".*"string"/,
    ],
    [
      'another default',
      inScript('times = 2', 'times = 3'),
      'times',
      'script-schema',
      /default is 3.*and 2/,
    ],
    [
      'a default that main() lacks',
      inScript("'kind' | 'cross' = 'kind'", "'kind' | 'cross'"),
      'mood',
      'script-schema',
      /default is null.*"kind"/,
    ],
    [
      'another enum',
      inScript("'kind' | 'cross'", "'kind' | 'mild'"),
      'mood',
      'script-schema',
      /enum is \["kind","mild"\]/,
    ],
    [
      'what only the schema requires',
      inMetadata('required: [shop, name]', 'required: [shop, name, note]'),
      'note',
      'script-schema',
      /required is false/,
    ],
    [
      'what only main() requires',
      inMetadata('required: [shop, name]', 'required: [shop]'),
      'name',
      'script-schema',
      /required is true/,
    ],
    [
      'another resource type',
      inMetadata('format: resource-c_shop', 'format: resource-c_store'),
      'shop',
      'script-schema',
      /resource-c_shop.*resource-c_store/,
    ],
    [
      'another field of an object',
      inScript('{ code: string }[]', '{ code: string; n: number }[]'),
      'parcel',
      'script-schema',
      /fields of items of its items/,
    ],
    [
      'another type of a field',
      inScript('{ code: string }[]', '{ code: boolean }[]'),
      'parcel',
      'script-schema',
      /type of items of its items of code is "boolean"/,
    ],
    [
      'another order',
      inMetadata('order: [shop, name,', 'order: [name, shop,'),
      '',
      'script-schema',
      /order must be that of main/,
    ],
    [
      'a required name without a property',
      inMetadata('required: [shop, name]', 'required: [shop, name, x]'),
      'x',
      'script-schema',
      /not a property/,
    ],
    [
      'code that does not parse',
      inScript('return loud(name)', 'return loud(name'),
      '',
      'script-signature',
      /does not parse/,
    ],
    [
      'a main that is no function',
      inScript('export async function main(', 'export const main = async function ('),
      'main',
      'script-signature',
      /export async function main/,
    ],
    [
      'a parameter without a name',
      inScript('name: string', '{ name }: { name: string }'),
      'parameter 2 of main',
      'script-signature',
      /plain name/,
    ],
    [
      'a default that is computed',
      inScript('times = 2', 'times = 1 + 1'),
      'parameter 3 of main',
      'script-signature',
      /literal/,
    ],
    [
      'a type from another file',
      inScript('name: string', 'name: Name'),
      'parameter 2 of main',
      'script-signature',
      /reads no imports/,
    ],
    [
      'a type that Windmill takes for a resource',
      inScript('note?: string', 'note?: Record<string, string>'),
      'parameter 5 of main',
      'script-signature',
      /inline type/,
    ],
  ]
  it.each(cases)('%s', async (_, edit, where, rule, message) => {
    const { problems } = await lintWorkspace(await workspaceWith(edit))
    expect(problems).toContainEqual({
      ...{ file: scriptFile, where, rule, message: expect.stringMatching(message) },
    })
  })
})
