import { withRepository } from '../../../f/devgodzilla/lib/repository.ts'
import { readTasks } from '../../../f/devgodzilla/lib/spec_files.ts'

/** Reads a tasks.md of a remote project some times at once, and answers the texts. */
const { url, spec_path, times } = JSON.parse(process.argv[2] ?? '') as {
  url: string
  spec_path: string
  times: number
}
const project = { slug: 'sample', local_path: null, repo_url: url, default_branch: 'main' }
const read = () =>
  withRepository(
    project,
    {},
    async (repository) => (await readTasks(repository, spec_path))?.content,
  )
try {
  console.log(JSON.stringify({ texts: await Promise.all(Array.from({ length: times }, read)) }))
} catch (error) {
  console.log(JSON.stringify({ error: String(error) }))
}
