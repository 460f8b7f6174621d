import { describe, expect, it } from 'vitest'
import { lintWorkspace } from '../../../scripts/lint-flows/lint-workspace.ts'
import { type Edit, workspaceWith } from './sound-workspace.ts'

describe('in the workspace, it reports', () => {
  it.each<[string, Edit, string, string, RegExp]>([
    [
      'a folder without metadata',
      { remove: 'f/shop/folder.meta.yaml' },
      'f/shop/folder.meta.yaml',
      'folder-metadata',
      /add it/,
    ],
    [
      'metadata without its script',
      { file: 'f/shop/gone.script.yaml', content: 'kind: script\n' },
      'f/shop/gone.script.yaml',
      'script-metadata',
      /gone.ts/,
    ],
    [
      'a secret with its value',
      { file: 'f/shop/token.variable.yaml', content: 'is_secret: true\nvalue: hunter2\n' },
      'f/shop/token.variable.yaml',
      'secret-in-git',
      /must not/,
    ],
    [
      'a resource of an unknown type',
      { remove: 'c_shop.resource-type.yaml' },
      'f/shop/till.resource.yaml',
      'unknown-resource-type',
      /c_shop/,
    ],
    [
      'a resource that lacks a field',
      { file: 'f/shop/till.resource.yaml', replace: ['url:', 'uri:'] },
      'f/shop/till.resource.yaml',
      'resource-value',
      /c_shop needs it/,
    ],
    [
      'a resource with a field too many',
      { file: 'f/shop/till.resource.yaml', replace: ['url:', 'x: 1, url:'] },
      'f/shop/till.resource.yaml',
      'resource-value',
      /no such field/,
    ],
    [
      'a resource that names no variable',
      { file: 'f/shop/till.resource.yaml', replace: ['shop/token', 'shop/tokens'] },
      'f/shop/till.resource.yaml',
      'unknown-variable',
      /tokens/,
    ],
    [
      'a schedule of five fields',
      { file: 'f/shop/nightly.schedule.yaml', replace: ['0 0 4 * * *', '0 4 * * *'] },
      'f/shop/nightly.schedule.yaml',
      'cron',
      /5 fields/,
    ],
    [
      'a schedule of nothing',
      { file: 'f/shop/nightly.schedule.yaml', replace: ['f/shop/close', 'f/shop/shut'] },
      'f/shop/nightly.schedule.yaml',
      'unknown-path',
      /f\/shop\/shut/,
    ],
  ])('%s', async (_, edit, file, rule, message) => {
    const { problems } = await lintWorkspace(await workspaceWith(edit))
    expect(problems).toContainEqual(
      expect.objectContaining({ file, rule, message: expect.stringMatching(message) }),
    )
  })
})
