import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { missing } from './files.ts'
import { gitIn } from './git.ts'

const states = {
  MERGE_HEAD: 'a merge',
  'rebase-merge': 'a rebase',
  'rebase-apply': 'a rebase',
  CHERRY_PICK_HEAD: 'a cherry-pick',
  REVERT_HEAD: 'a revert',
  BISECT_LOG: 'a bisect',
}

/**
 * Sees to it that nobody is in the middle of something in a working tree: its files may be of
 * another commit then, and a tick would end up in theirs.
 */
export async function refuseUnfinished(root: string): Promise<void> {
  const names = Object.keys(states)
  // In a worktree they are elsewhere than in .git.
  const asked = names.flatMap((name) => ['--git-path', name])
  const paths = (await gitIn(root).raw('rev-parse', ...asked)).trim().split('\n')
  for (const [at, what] of Object.values(states).entries()) {
    if ((await stat(resolve(root, paths[at] ?? '')).catch(missing)) === undefined) continue
    throw new Error(
      `${what} is not finished in ${root}, so nothing was written there: finish or abort it, then ` +
        'run the flow again',
    )
  }
}
