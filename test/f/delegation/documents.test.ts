import { symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { main as sendDocuments } from '../../../f/devgodzilla/delegation/send_documents.ts'
import { sha256 } from '../../../f/devgodzilla/lib/spec_files.ts'
import { answer, apiThat, listed } from '../support/api-server.ts'
import { noGit, project, spec } from '../support/entities.ts'
import { repositoryWith, temporaryFolder, writeFiles } from '../support/git-repositories.ts'
import { remoteWith } from '../support/git-server.ts'

const files = {
  'specs/001-shop/spec.md': '# Shop\n',
  'specs/001-shop/tasks.md': '- [ ] T001 One\n',
  'specs/002-old/spec.md': '# Old\n',
  'docs/tea [1].md': '# Tea\n',
  'docs/known.md': 'as known\n',
  'docs/changed.md': 'after\n',
  'docs/long.md': 'é'.repeat(1_000_001),
  'docs/logo.png': new Uint8Array([137, 80, 0, 255]),
}
const reference_docs = [
  ...['docs/tea [1].md', 'docs/known.md', 'docs/long.md', 'docs/logo.png', 'docs/nowhere.md'],
  ...['../secret.md', '/etc/passwd', '.git/config', 'out/secret.md'],
]

const serving = (where: object) =>
  apiThat({
    'GET /projects/1': answer(project(where)),
    'GET /projects/1/documents': listed([
      { path: 'docs/known.md', sha256: sha256('as known\n') },
      { path: 'docs/changed.md', sha256: sha256('before\n') },
      { path: 'docs/gone.md', sha256: sha256('gone\n') },
    ]),
    'GET /specs': listed([spec(), spec({ id: 4, path: 'specs/002-old', status: 'archived' })]),
    'GET /projects/1/documents/referred': answer({ items: reference_docs }),
    'PUT /projects/1/documents': ({ body }) => {
      const { documents } = body as { documents: { path: string; text: string | null }[] }
      const paths = (gone: boolean) =>
        documents.filter(({ text }) => (text === null) === gone).map(({ path }) => path)
      return { body: { stored: paths(false), removed: paths(true), unchanged: 0 } }
    },
  })

const wanted = [
  { path: 'docs/changed.md', text: 'after\n' },
  { path: 'docs/gone.md', text: null },
  { path: 'docs/tea [1].md', text: '# Tea\n' },
  { path: 'specs/001-shop/spec.md', text: '# Shop\n' },
  { path: 'specs/001-shop/tasks.md', text: '- [ ] T001 One\n' },
]
const sentTo = ({ changes }: Awaited<ReturnType<typeof serving>>) => {
  const bodies = changes().map(({ body }) => body as { documents: Record<string, unknown>[] })
  const documents = bodies.flatMap((body) => body.documents)
  return documents.sort((a, b) => (String(a.path) < String(b.path) ? -1 : 1))
}

it('sends what agents are to read where it changed, and names what cannot be read', async () => {
  const local_path = await repositoryWith(files)
  const outside = await temporaryFolder()
  await writeFiles(outside, { 'secret.md': 'secret' })
  await symlink(outside, join(local_path, 'out'))
  const served = await serving({ local_path, settings: { delegation: 'two_way' } })
  const sent = await sendDocuments(served.api, noGit, 1)
  expect(sentTo(served)).toEqual(wanted.map((it) => ({ ...it, commit_sha: null })))
  expect(sent).toMatchObject({ sent: 4, removed: 1 })
  expect(Object.fromEntries(sent.unreadable.map((it) => [it.path, it.message]))).toEqual({
    'docs/long.md': expect.stringMatching(/2000002 bytes/),
    'docs/logo.png': expect.stringMatching(/binary/),
    'docs/nowhere.md': expect.stringMatching(/no such file/),
    '../secret.md': expect.stringMatching(/no path below/),
    '/etc/passwd': expect.stringMatching(/no path below/),
    '.git/config': expect.stringMatching(/no path below/),
    'out/secret.md': expect.stringMatching(/leads out/),
  })
})

it('reads them from a clone that has little else, and says of which commit', async () => {
  const { url } = await remoteWith(files)
  const served = await serving({ repo_url: url, settings: { delegation: 'two_way' } })
  await sendDocuments(served.api, noGit, 1)
  const commit_sha = expect.stringMatching(/^[0-9a-f]{40}$/)
  expect(sentTo(served)).toEqual(wanted.map((it) => ({ ...it, commit_sha })))
})
