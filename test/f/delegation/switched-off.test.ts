import { expect, it } from 'vitest'
import { main as syncFiles } from '../../../f/devgodzilla/delegation/sync_files.ts'
import { answer, apiThat, problem } from '../support/api-server.ts'
import { noGit, project } from '../support/entities.ts'
import { repositoryWith } from '../support/git-repositories.ts'

it('ends well where its project is told to keep no files while they are synced', async () => {
  const local_path = await repositoryWith({ 'README.md': '# Shop\n' })
  const path = 'delegation/sprints/one/SPRINT.md'
  const off = problem(409, { rule: 'delegation_is_off', detail: 'It keeps no files.' })
  const synced = answer({
    writes: [{ path, text: '# One\n', expected_sha256: null }],
    ...{ removes: [], conflicts: [], problems: [], applied: {} },
  })
  for (const [sync, written] of [
    [off, []],
    [synced, [{ path }]],
  ] as const) {
    const { api } = await apiThat({
      'GET /projects/1': answer({
        ...project({ local_path }),
        settings: { delegation: 'two_way' },
      }),
      'GET /projects/1/delegation': answer({ mode: 'two_way', round: 1 }),
      'POST /projects/1/delegation/sync': sync,
      'POST /projects/1/delegation/confirm': off,
    })
    expect(await syncFiles(api, noGit, 1)).toMatchObject({ mode: 'off', written })
  }
})
