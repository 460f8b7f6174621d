import * as z from 'zod'

const paths = z.array(z.string())
const url = z.string().max(2048)

/** What is read of GitHub's `push` event; it sends much more. */
export const GitHubPush = z
  .object({
    ref: z.string().max(1000).meta({ description: 'refs/heads/main' }),
    created: z.boolean().default(false),
    deleted: z.boolean().default(false),
    forced: z.boolean().default(false),
    commits: z.array(z.object({ added: paths, removed: paths, modified: paths })),
    repository: z.object({ clone_url: url, ssh_url: url, html_url: url }),
  })
  .meta({ id: 'GitHubPush' })
export type GitHubPush = z.infer<typeof GitHubPush>

/** GitHub lists no more commits than this, and cuts longer lists of files at some thousands. */
const mostCommits = 2048
const mostPaths = 3000

/** Every path that the listed commits touched, once each, in order. */
export const touchedPaths = ({ commits }: GitHubPush): string[] => [
  ...new Set(
    commits.flatMap(({ added, removed, modified }) => [...added, ...removed, ...modified]),
  ),
]

/**
 * Whether more may have changed than the commits say: the branch is new or was moved by force, or a
 * list has the length at which GitHub cuts it.
 */
export const mayHideChanges = ({ created, forced, commits }: GitHubPush): boolean =>
  created ||
  forced ||
  commits.length === 0 ||
  commits.length >= mostCommits ||
  commits.some((commit) =>
    [commit.added, commit.removed, commit.modified].some((list) => list.length >= mostPaths),
  )
