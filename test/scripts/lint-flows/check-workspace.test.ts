import { describe, expect, it } from 'vitest'
import { lintWorkspace } from '../../../scripts/lint-flows/lint-workspace.ts'
import { door, type Edit, workspaceWith } from './sound-workspace.ts'

type Fault = [name: string, replace: [string, string], rule: string, message: RegExp]

const faults = (file: string, all: Fault[]) =>
  all.map(([name, replace, rule, message]): [string, Edit, string, string, RegExp] => [
    name,
    { file, replace },
    file,
    rule,
    message,
  ])

it('reports two triggers of one route, in both', async () => {
  const twin = 'f/shop/window.http_trigger.yaml'
  const { problems } = await lintWorkspace(await workspaceWith({ file: twin, content: door }))
  expect(problems.map(({ file, rule }) => [file, rule])).toEqual([
    ['f/shop/door.http_trigger.yaml', 'duplicate-route'],
    [twin, 'duplicate-route'],
  ])
})

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
      'an owner who may not write',
      { file: 'f/shop/folder.meta.yaml', replace: ['owners: []', 'owners: [g/all]'] },
      'f/shop/folder.meta.yaml',
      'folder-metadata',
      /add g\/all: true/,
    ],
    [
      'metadata without its script',
      { file: 'f/shop/gone.script.yaml', content: 'kind: script\n' },
      'f/shop/gone.script.yaml',
      'script-metadata',
      /gone.ts/,
    ],
    [
      'a lock without its script',
      { file: 'f/shop/gone.script.lock', content: '' },
      'f/shop/gone.script.lock',
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
    ...faults('f/shop/nightly.schedule.yaml', [
      ['a minute that is none', ['0 0 4', '0 60 4'], 'cron', /minute: 60/],
      ['a weekday that is none', ['4 * * *', '4 * * MO'], 'cron', /MO.*illegal/],
      ['a range of three', ['0 0 4', '0 1-2-3 4'], 'cron', /1-2-3/],
      ['a step of nothing', ['0 0 4', '0 */0 4'], 'cron', /stepping: 0/],
      [
        'a field that is none',
        ['enabled: true', 'enabled: true\nenabeld: 1'],
        'unknown-key',
        /mean enabled/,
      ],
      [
        'a schedule that retries',
        ['enabled: true', 'enabled: true\nretry: { constant: { attempts: 1 } }'],
        'unsupported',
        /not supported/,
      ],
      ['a time zone that is none', ['UTC', 'Mars/Olympus'], 'time-zone', /Mars\/Olympus/],
      ['a schedule of nothing', ['f/shop/close', 'f/shop/shut'], 'unknown-path', /shop\/shut/],
      [
        'a schedule of a flow as a script',
        ['is_flow: true', 'is_flow: false'],
        'unknown-path',
        /no script/,
      ],
      ['a schedule that lacks an argument', ['{ sum: 1 }', '{}'], 'missing-argument', /needs it/],
      [
        'a schedule with an argument too many',
        ['sum: 1', 'sum: 1, tip: 2'],
        'unknown-argument',
        /takes sum/,
      ],
      [
        'a schedule with a wrong argument',
        ['sum: 1', 'sum: one'],
        'argument-type',
        /takes a number/,
      ],
      [
        'a schedule whose handler is missing',
        ['enabled: true', 'enabled: true\non_failure: script/f/shop/cry'],
        'unknown-path',
        /no script f\/shop\/cry/,
      ],
    ]),
    ...faults('f/shop/door.http_trigger.yaml', [
      ['a trigger of nothing', ['f/shop/open', 'f/shop/opened'], 'unknown-path', /f\/shop\/opened/],
      [
        'a trigger of a shared module',
        ['f/shop/open\nis_flow: true', 'f/shop/lib\nis_flow: false'],
        'unknown-path',
        /without main/,
      ],
      [
        'a trigger whose key is missing',
        ['shop/other', 'shop/others'],
        'unknown-resource',
        /shop\/others/,
      ],
      [
        'a trigger that names no key',
        ['authentication_resource_path: f/shop/other\n', ''],
        'unknown-resource',
        /signature needs/,
      ],
      [
        'a static website',
        ['is_static_website: false', 'is_static_website: true'],
        'unsupported',
        /not/,
      ],
      [
        'a trigger that streams',
        ['request_type: async', 'request_type: sync_sse'],
        'unsupported',
        /sync_sse/,
      ],
      [
        'a route that begins with /',
        ['route_path: shop', 'route_path: /shop'],
        'route',
        /without a \//,
      ],
      [
        'a trigger whose handler is missing',
        ['script/f/shop/greet', 'flow/f/shop/greet'],
        'unknown-path',
        /no flow f\/shop\/greet/,
      ],
    ]),
  ])('%s', async (_, edit, file, rule, message) => {
    const { problems } = await lintWorkspace(await workspaceWith(edit))
    expect(problems).toContainEqual(
      expect.objectContaining({ file, rule, message: expect.stringMatching(message) }),
    )
  })
})
