import { expect, test } from 'vitest'
import { fileSlug } from '../../../../api/core/delegation/file-slug.ts'

test.each([
  ['Totals differ by a cent', 'totals-differ-by-a-cent'],
  ['../../etc/passwd', 'etc-passwd'],
  ['हिन्दी में', 'हिन्दी-में'],
  ['CON', 'bug-con'],
  ['..', 'bug'],
  ['👩‍👧', 'bug'],
  // Each has a mark that nothing stands before, which no file list would show.
  ['🏳️‍🌈', 'bug'],
  ['\u0301a', 'a'],
])('the file of %j is called %s', (title, slug) => {
  expect(fileSlug(title, 'bug')).toBe(slug)
})
